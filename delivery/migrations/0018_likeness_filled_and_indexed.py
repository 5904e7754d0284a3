"""Tells what says the same, for all that is still to go out or just has; begun again, it begins anew."""

from datetime import timedelta

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction
from django.db.models.functions import Now

from delivery.content import likeness

BATCH = 500
NEAR = timedelta(hours=12)


def _told(row):
    """None of a content that no sender could read either: it is no reason to stop an update."""
    try:
        return likeness(row.content, row.account.network)
    except (KeyError, TypeError):
        return ""


def fill(apps, schema_editor):
    deliveries, last = apps.get_model("delivery", "Delivery"), 0
    near = {"due_at__gte": Now() - NEAR, "state__in": ["due", "sending", "unknown", "published"], "is_reply": False}
    while True:
        with transaction.atomic():
            held = deliveries.objects.select_for_update(of=("self",)).select_related("account")
            rows = list(held.filter(pk__gt=last, **near).order_by("pk")[:BATCH])
            if not rows:
                return
            for row in rows:
                row.likeness = _told(row)
            deliveries.objects.bulk_update(rows, ["likeness"])
            last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile

    dependencies = [("delivery", "0017_likeness")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            "delivery",
            models.Index(
                fields=["account", "likeness", "due_at"], condition=~models.Q(likeness=""), name="delivery_alike"
            ),
        ),
    ]
