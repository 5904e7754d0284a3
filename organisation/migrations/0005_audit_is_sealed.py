"""The trail is numbered and dated by the database, and sealed outside of everybody's transactions.

The columns of the old chain go: whoever could change the table could recompute them, so they proved nothing. The chain's
last hash stays, in an event of its own: with the formula in docs/adr/0008-sealed-audit.md it can still be recomputed.
"""

from django.db import migrations, models
from django.db.models.functions import Now

NUMBERED = """
CREATE FUNCTION organisation_audit_is_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The transaction's own number comes first: the sealer relies on it that whoever holds a number of the trail is
    -- among the transactions that a snapshot counts as running.
    PERFORM pg_catalog.pg_current_xact_id();
    NEW.sequence := pg_catalog.nextval('organisation_auditevent_sequence_seq'::pg_catalog.regclass);
    NEW.occurred_at := pg_catalog.clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER numbered BEFORE INSERT ON organisation_auditevent
    FOR EACH ROW EXECUTE FUNCTION organisation_audit_is_numbered();
"""
NOT_NUMBERED = """
DROP TRIGGER numbered ON organisation_auditevent;
DROP FUNCTION organisation_audit_is_numbered();
"""

# No default of the column: the trigger alone gives numbers, one an event.
NUMBERS = """
CREATE SEQUENCE organisation_auditevent_sequence_seq OWNED BY organisation_auditevent.sequence;
SELECT setval('organisation_auditevent_sequence_seq', max(sequence)) FROM organisation_auditevent HAVING max(sequence) > 0;
"""
NO_NUMBERS = "DROP SEQUENCE organisation_auditevent_sequence_seq"

CLOSED = """
INSERT INTO organisation_auditevent
    (occurred_at, actor_name, verb, noun, object_id, details, previous_hash, hash)
SELECT clock_timestamp(), '', 'audit.chain_closed', 'organisation.auditevent', sequence::text,
       jsonb_build_object('events', sequence, 'head', hash), '', ''
FROM organisation_auditevent ORDER BY organisation_auditevent.sequence DESC LIMIT 1
"""

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION organisation_audit_is_append_only();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION organisation_audit_is_append_only();
"""
CHANGEABLE = "DROP TRIGGER append_only ON {table}; DROP TRIGGER append_only_truncate ON {table};"


def append_only(table):
    return migrations.RunSQL(APPEND_ONLY.format(table=table), CHANGEABLE.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("organisation", "0004_choices_and_sessions")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(NUMBERS, NO_NUMBERS)],
            state_operations=[
                migrations.AlterField(
                    "auditevent", "sequence", models.BigAutoField(primary_key=True, serialize=False)
                )
            ],
        ),
        migrations.AlterField(
            "auditevent", "occurred_at", models.DateTimeField(db_default=Now(), verbose_name="when")
        ),
        migrations.RunSQL(NUMBERED, NOT_NUMBERED),
        migrations.RunSQL(CLOSED, migrations.RunSQL.noop),
        migrations.RemoveField("auditevent", "previous_hash"),
        migrations.RemoveField("auditevent", "hash"),
        migrations.CreateModel(
            name="AuditLeaf",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(unique=True)),
                ("hash", models.BinaryField()),
            ],
            options={
                "verbose_name": "sealed event",
                "verbose_name_plural": "sealed events",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="AuditCheckpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("document", models.JSONField()),
                ("frontier", models.JSONField()),
            ],
            options={
                "verbose_name": "signed checkpoint",
                "verbose_name_plural": "signed checkpoints",
                "ordering": ["-size"],
            },
        ),
        migrations.CreateModel(
            name="CheckpointPlace",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(default=0)),
                ("kept_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "place of checkpoints",
                "verbose_name_plural": "places of checkpoints",
            },
        ),
        append_only("organisation_auditleaf"),
        append_only("organisation_auditcheckpoint"),
    ]
