"""An event is numbered by the trail's own sequence, whatever a session calls by its name.

PostgreSQL looks among a session's temporary things first, and any role may make some: whoever worked as the application
could choose the number of an event, and one far ahead would have had all later ones taken for slipped in.
"""

from django.db import migrations

NUMBERED = """
CREATE OR REPLACE FUNCTION organisation_audit_is_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The transaction's own number comes first: the sealer relies on it that whoever holds a number of the trail is
    -- among the transactions that a snapshot counts as running.
    PERFORM pg_catalog.pg_current_xact_id();
    NEW.sequence := pg_catalog.nextval({sequence}::pg_catalog.regclass);
    NEW.occurred_at := pg_catalog.clock_timestamp();
    RETURN NEW;
END $$;
"""
IN_ITS_SCHEMA = "pg_catalog.format('%I.organisation_auditevent_sequence_seq', TG_TABLE_SCHEMA)"
ANYWHERE = "'organisation_auditevent_sequence_seq'"


class Migration(migrations.Migration):
    dependencies = [("organisation", "0022_forgotten_passwords")]
    operations = [migrations.RunSQL(NUMBERED.format(sequence=IN_ITS_SCHEMA), NUMBERED.format(sequence=ANYWHERE))]
