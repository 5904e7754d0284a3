"""One way to claim what is due: who holds a row is told by its epoch. The program before this one still runs."""

from django.db import migrations, models

EPOCH = {"default": 0, "db_default": 0}


class Migration(migrations.Migration):
    dependencies = [("accounts_registry", "0015_pending_revocation")]

    operations = [
        migrations.AddField("access", "epoch", models.PositiveIntegerField(**EPOCH)),
        migrations.AddField("access", "lease_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("pendingrevocation", "epoch", models.PositiveIntegerField(**EPOCH)),
        migrations.AddField("subscription", "epoch", models.PositiveIntegerField(**EPOCH)),
    ]
