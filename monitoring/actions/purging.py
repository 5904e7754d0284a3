"""What a citizen wrote, and what a source said, is kept for its time and no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from monitoring.actions.reading import source_place
from monitoring.actions.receiving import place_of
from monitoring.listeners import listeners
from monitoring.models import Entry, Erasure, Mention
from organisation.audit import action

BATCH = 200
REMEMBERED = timedelta(days=365)  # longer than a network tells of anything again


def purge_expired() -> int:
    """Erases the messages whose last day is over, and that no listener keeps; how many. What a source said goes too."""
    Erasure.objects.filter(erased_at__lt=Now() - REMEMBERED).delete()
    erased = _purge_entries()
    last = 0
    while batch := list(_over().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = batch[-1]
        erased += _purge(mention_ids=batch)
    return erased


def _over() -> QuerySet[Mention]:
    return Mention.objects.filter(purge_after__lt=timezone.localdate())


@transaction.atomic
def _purge_entries() -> int:
    over = Entry.objects.filter(purge_after__lt=timezone.localdate()).select_for_update()
    told = [(pk, (source_place(source), name)) for pk, source, name in over.values_list("pk", "source_id", "remote_id")]
    Erasure.remember(erased for _pk, erased in told)
    return Entry.objects.filter(pk__in=[pk for pk, _erased in told]).delete()[0]


@action
def _purge(*, mention_ids: list[int]) -> int:
    rows = _over().filter(pk__in=mention_ids).select_related("account").order_by("pk")
    over: Sequence[Mention] = list(rows.select_for_update(no_key=True, of=("self",)))
    for listener in listeners():
        over = listener.release(over)
    Erasure.remember((place_of(mention.account), mention.remote_id) for mention in over)
    Mention.objects.filter(pk__in=[mention.pk for mention in over]).delete()
    return len(over)
