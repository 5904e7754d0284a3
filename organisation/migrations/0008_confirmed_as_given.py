"""Grants from before there were proposals stand as they were given: by one person, who counts as who confirmed them."""

from django.db import migrations

FORWARD = "UPDATE organisation_grant SET confirmed_at = given_at, confirmed_by_id = given_by_id"


class Migration(migrations.Migration):
    dependencies = [("organisation", "0007_confirmed_grants")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
