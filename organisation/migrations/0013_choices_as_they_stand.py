"""And for what was written before, where it stands by them."""

from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile
    dependencies = [("organisation", "0012_choices_are_known")]
    operations = [
        validation("organisation_grant", ["grant_role_is_known"]),
    ]
