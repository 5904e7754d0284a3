"""Folds what is kept, a batch at a time; begun again, it begins anew."""

from django.db import migrations, transaction

from networks.folding import as_lexemes

BATCH = 1000


def fill(apps, schema_editor):
    batches(apps.get_model("conversations", "InboundMessage"), words_of_message, "mention__item", "conversation")
    batches(apps.get_model("conversations", "Answer"), lambda answer: as_lexemes(answer.text))


def words_of_message(one):
    """Nothing where its author took it away."""
    if one.mention.gone_at is not None:
        return None
    return as_lexemes(one.mention.item.text, f"@{one.conversation.author_handle}", one.conversation.author_name)


def batches(model, words_of, *related):
    last = 0
    while True:
        with transaction.atomic():
            held = model.objects.select_for_update(of=("self",)).select_related(*(related or [None]))
            rows = list(held.filter(pk__gt=last).order_by("pk")[:BATCH])
            if not rows:
                return
            for row in rows:
                row.words = words_of(row)
            model.objects.bulk_update(rows, ["words"])
            last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile

    dependencies = [("conversations", "0005_words"), ("monitoring", "0013_said_once")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
