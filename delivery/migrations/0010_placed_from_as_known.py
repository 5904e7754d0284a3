"""Freezes in force: from the highest unit where the placer's grant of that time reached from; else where they stand."""

from django.db import migrations

FORWARD = """
UPDATE delivery_hold hold SET
    placed_from_id = COALESCE((
        SELECT grants.unit_id FROM organisation_grant grants JOIN organisation_unit above ON above.id = grants.unit_id
        WHERE grants.person_id = hold.placed_by_id AND starts_with(own.path, above.path)
            AND grants.role IN ('spokesperson', 'crisis_cell', 'administrator')
            AND grants.given_at <= hold.placed_at
            AND (grants.revoked_at IS NULL OR grants.revoked_at > hold.placed_at)
        ORDER BY length(above.path) LIMIT 1), hold.unit_id),
    by_crisis_cell = EXISTS (
        SELECT 1 FROM organisation_grant grants JOIN organisation_unit above ON above.id = grants.unit_id
        WHERE grants.person_id = hold.placed_by_id AND starts_with(own.path, above.path)
            AND grants.role IN ('spokesperson', 'crisis_cell')
            AND grants.given_at <= hold.placed_at
            AND (grants.revoked_at IS NULL OR grants.revoked_at > hold.placed_at))
FROM organisation_unit own WHERE own.id = hold.unit_id AND hold.lifted_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0009_hold_placed_from"), ("organisation", "0008_confirmed_as_given")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
