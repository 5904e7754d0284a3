"""The audit trail refuses UPDATE, DELETE and TRUNCATE, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION organisation_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON organisation_auditevent
    FOR EACH ROW EXECUTE FUNCTION organisation_audit_is_append_only();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON organisation_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION organisation_audit_is_append_only();
"""

BACKWARD = """
DROP TRIGGER append_only ON organisation_auditevent;
DROP TRIGGER append_only_truncate ON organisation_auditevent;
DROP FUNCTION organisation_audit_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
