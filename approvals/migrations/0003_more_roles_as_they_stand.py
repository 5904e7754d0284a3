from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    """Looks at the rows without keeping anybody from writing."""

    atomic = False

    dependencies = [("approvals", "0002_more_roles")]

    operations = [
        validation("approvals_step", ["step_role_is_known"]),
    ]
