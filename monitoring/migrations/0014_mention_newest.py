import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is made beside whoever writes

    dependencies = [("monitoring", "0013_said_once")]

    operations = [
        AddIndexConcurrently(
            "mention", models.Index(fields=["account", "-sent_at", "-id"], name="mention_newest")
        ),
        # What it did, the new one does.
        migrations.AlterField(
            "mention",
            "account",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts_registry.account",
            ),
        ),
    ]
