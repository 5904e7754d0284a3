"""What a citizen wrote, and what a source said, is kept for its time and no longer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone

from monitoring.listeners import listeners
from monitoring.models import Entry, Mention
from organisation.audit import action

BATCH = 200


def purge_expired() -> int:
    """Erases the messages whose last day is over, and that no listener keeps; how many. What a source said goes too."""
    erased = Entry.objects.filter(purge_after__lt=timezone.localdate()).delete()[0]
    last = 0
    while batch := list(_over().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = batch[-1]
        erased += _purge(mention_ids=batch)
    return erased


def _over() -> QuerySet[Mention]:
    return Mention.objects.filter(purge_after__lt=timezone.localdate())


@action
def _purge(*, mention_ids: list[int]) -> int:
    rows = _over().filter(pk__in=mention_ids).order_by("pk")
    over: Sequence[Mention] = list(rows.select_for_update(no_key=True))
    for listener in listeners():
        over = listener.release(over)
    Mention.objects.filter(pk__in=[mention.pk for mention in over]).delete()
    return len(over)
