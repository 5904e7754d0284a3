"""As all rows that are claimed: `organisation.models.Claimable`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0008_conversations_move")]

    operations = [
        migrations.AlterField("source", "epoch", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AlterField("source", "lease_until", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField("stream", "epoch", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AlterField("stream", "lease_until", models.DateTimeField(blank=True, null=True)),
    ]
