"""What a citizen wrote, and what a source said, is kept for its time and no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from monitoring.actions.finding import name_waiting_hits
from monitoring.actions.keeping import let_go, let_go_of_what_was_passed_over
from monitoring.listeners import listeners
from monitoring.models import Entry, Erasure, Hit, Mention
from monitoring.queries.places import erasure_place, erasure_place_of_source
from monitoring.schedule import RETENTION
from organisation.audit import action
from organisation.clock import database_today

BATCH = 200
REMEMBERED = timedelta(days=365)  # longer than a network tells of anything again


def purge_expired() -> int:
    """Erases the messages whose last day is over, and that no listener keeps; how many. What a source said goes too."""
    Erasure.objects.filter(erased_at__lt=Now() - REMEMBERED).delete()
    name_waiting_hits()
    Hit.objects.filter(item__isnull=True, found_at__lt=Now() - RETENTION).delete()
    said = Entry.objects.filter(purge_after__lt=database_today()).order_by("pk").values_list("pk", flat=True)
    erased = last = 0
    while entries := list(said[:BATCH]):
        erased += _purge_entries(entry_ids=entries)
    while batch := list(_over().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = batch[-1]
        erased += _purge(mention_ids=batch)
    _let_go_of_the_rest()
    return erased


@action
def _let_go_of_the_rest() -> None:
    let_go_of_what_was_passed_over()


def _over() -> QuerySet[Mention]:
    return Mention.objects.filter(purge_after__lt=database_today())


@action
def _purge(*, mention_ids: list[int]) -> int:
    rows = _over().filter(pk__in=mention_ids).select_related("account", "item").order_by("pk")
    over: Sequence[Mention] = list(rows.select_for_update(no_key=True, of=("self",)))
    for listener in listeners():
        over = listener.release(over)
    Erasure.remember((erasure_place(mention.account), mention.item.remote_id) for mention in over)
    Mention.objects.filter(pk__in=[mention.pk for mention in over]).delete()
    let_go([mention.item_id for mention in over])
    return len(over)


@action
def _purge_entries(*, entry_ids: list[int]) -> int:
    over = Entry.objects.filter(pk__in=entry_ids).select_related("item").select_for_update(of=("self",))
    entries = list(over.order_by("pk"))
    Erasure.remember((erasure_place_of_source(entry.source_id), entry.item.remote_id) for entry in entries)
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    let_go([entry.item_id for entry in entries])
    return len(entries)
