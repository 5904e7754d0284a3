from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # the index is made beside whoever writes

    dependencies = [("monitoring", "0016_entry_words_of_what_is_kept")]

    operations = [AddIndexConcurrently("entry", GinIndex(fields=["words"], name="entry_words"))]
