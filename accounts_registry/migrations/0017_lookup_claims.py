"""Addresses are claimed by the one way in which all that is due is claimed. The program before this one still runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts_registry", "0016_claims")]

    operations = [
        migrations.AddField("lookup", "epoch", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField("lookup", "lease_until", models.DateTimeField(blank=True, null=True)),
    ]
