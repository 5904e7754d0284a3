import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is made beside whoever writes

    dependencies = [("conversations", "0003_conversation_overdue")]

    operations = [
        AddIndexConcurrently(
            "conversation", models.Index(fields=["account", "unit"], name="conversation_units")
        ),
        # What it did, the new one does.
        migrations.AlterField(
            "conversation",
            "account",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conversations",
                to="accounts_registry.account",
                verbose_name="account",
            ),
        ),
    ]
