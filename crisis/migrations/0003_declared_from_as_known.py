"""Running crises: from the highest unit where the leader's grant of that time reached from; else where they stand."""

from django.db import migrations

FORWARD = """
UPDATE crisis_crisis crisis SET declared_from_id = COALESCE((
    SELECT grants.unit_id FROM organisation_grant grants JOIN organisation_unit above ON above.id = grants.unit_id
    WHERE grants.person_id = crisis.declared_by_id AND starts_with(own.path, above.path)
        AND grants.role IN ('spokesperson', 'crisis_cell')
        AND grants.given_at <= crisis.declared_at
        AND (grants.revoked_at IS NULL OR grants.revoked_at > crisis.declared_at)
    ORDER BY length(above.path) LIMIT 1), crisis.unit_id)
FROM organisation_unit own WHERE own.id = crisis.unit_id AND crisis.ended_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("crisis", "0002_declared_from"), ("organisation", "0008_confirmed_as_given")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
