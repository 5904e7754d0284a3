"""Folds the words of the posts that are there, a batch at a time; begun again, it begins anew."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, transaction

from networks.folding import as_ranked_lexemes

BATCH = 500


def fill(apps, schema_editor):
    posts, last = apps.get_model("publishing", "Post"), 0
    while True:
        with transaction.atomic():
            held = posts.objects.select_for_update().prefetch_related("variants")
            rows = list(held.filter(pk__gt=last).order_by("pk")[:BATCH])
            if not rows:
                return
            for row in rows:
                said = (text for one in row.variants.all() for text in (one.title, one.text, one.link))
                row.words = as_ranked_lexemes(row.title, row.core_text, row.link, *said)
            posts.objects.bulk_update(rows, ["words"])
            last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile

    dependencies = [("publishing", "0014_words")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently("post", GinIndex(fields=["words"], name="post_words")),
    ]
