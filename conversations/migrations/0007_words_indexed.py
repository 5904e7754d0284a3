from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are made beside whoever writes

    dependencies = [("conversations", "0006_words_of_what_is_kept")]

    operations = [
        AddIndexConcurrently("inboundmessage", GinIndex(fields=["words"], name="inbound_words")),
        AddIndexConcurrently("inboundmessage", models.Index(fields=["sent_at"], name="inbound_sent")),
        AddIndexConcurrently("answer", GinIndex(fields=["words"], name="answer_words")),
    ]
