"""Folds what is kept, a batch at a time; begun again, it begins anew."""

from django.db import migrations, transaction

from networks.folding import as_lexemes

BATCH = 1000


def fill(apps, schema_editor):
    entries = apps.get_model("monitoring", "Entry").objects.select_related("item").order_by("pk")
    last = 0
    while True:
        with transaction.atomic():
            rows = list(entries.select_for_update(of=("self",)).filter(pk__gt=last)[:BATCH])
            if not rows:
                return
            for row in rows:
                row.words = as_lexemes(row.item.title, row.item.text)
            entries.bulk_update(rows, ["words"])
            last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile

    dependencies = [("monitoring", "0015_entry_words")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
