from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is made beside whoever writes

    dependencies = [("conversations", "0009_author_names_are_whole")]

    operations = [
        AddIndexConcurrently(
            "conversation",
            models.Index(fields=["unit", "category", "-last_mention_at", "-id"], name="conversation_by_category"),
        ),
    ]
