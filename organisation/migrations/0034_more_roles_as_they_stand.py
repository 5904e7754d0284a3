from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    """Looks at the rows without keeping anybody from writing."""

    atomic = False

    dependencies = [("organisation", "0033_more_roles")]

    operations = [
        validation("organisation_grant", ["grant_role_is_known"]),
        validation("organisation_grouprule", ["group_rule_role_is_known"]),
    ]
