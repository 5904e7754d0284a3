"""What a citizen warned of is found: it was kept before it was indexed. Begun again, it begins anew."""

from django.db import migrations, transaction

from networks.folding import as_lexemes

BATCH = 1000


def fill(apps, schema_editor):
    model = apps.get_model("conversations", "InboundMessage")
    warned = model.objects.filter(mention__gone_at=None).exclude(mention__item__warning="")
    last = 0
    while True:
        with transaction.atomic():
            held = warned.select_for_update(of=("self",)).select_related("mention__item", "conversation")
            rows = list(held.filter(pk__gt=last).order_by("pk")[:BATCH])
            if not rows:
                return
            for row in rows:
                item, asker = row.mention.item, row.conversation
                row.words = as_lexemes(item.text, item.warning, f"@{asker.author_handle}", asker.author_name)
            model.objects.bulk_update(rows, ["words"])
            last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile

    dependencies = [("conversations", "0012_asked_hash"), ("monitoring", "0018_facts_of_messages")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
