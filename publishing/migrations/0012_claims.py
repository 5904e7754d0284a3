"""One way to claim what is due: who holds a row is told by its epoch."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0011_approvals_have_a_room")]

    operations = [
        migrations.AddField("upload", "epoch", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AlterField("upload", "lease_until", models.DateTimeField(blank=True, null=True)),
    ]
