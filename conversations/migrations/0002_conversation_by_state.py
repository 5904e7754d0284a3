from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is made beside whoever writes

    dependencies = [("conversations", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            "conversation",
            models.Index(fields=["unit", "state", "-last_mention_at", "-id"], name="conversation_by_state"),
        ),
    ]
