"""Whose word a delivery is: it may go out on the account of another unit."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0005_incomplete"), ("organisation", "0002_audit_is_append_only")]
    operations = [
        migrations.AddField(
            model_name="delivery",
            name="message_unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.unit",
            ),
        ),
    ]
