"""As all rows that are claimed: `organisation.models.Claimable`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0015_replies_as_they_stand")]

    operations = [
        migrations.AlterField("delivery", "epoch", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AlterField("delivery", "lease_until", models.DateTimeField(blank=True, null=True)),
    ]
