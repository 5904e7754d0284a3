"""When a service is open has changed, so what is open there is due at another time: worked out again by a worker."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from conversations.enums import OPEN_STATES
from conversations.models import Conversation, Recount
from conversations.schedule import response_deadline
from organisation import audit, bulk, due
from organisation.models import Unit
from organisation.queries import calendars_of

MOVED = audit.tell("unit.deadlines_moved", _("The deadlines of open conversations followed the working time"))
AT_ONCE = 1000
# What was being stored when the working time changed reckoned with the old one: by then it stands.
SETTLES = timedelta(seconds=5)


def ask_for_recount(unit: Unit) -> None:
    """In the transaction that changed when `unit` is open."""
    Recount.objects.create(unit=unit, due_at=Now() + SETTLES)


def recount_what_is_due(*, seconds: float) -> int:
    """Works out the deadlines that a change of working time moved; how many changes it dealt with."""
    return due.work(lambda: RECOUNTS.turn(_recount), seconds=seconds)


def _due() -> QuerySet[Recount]:
    return Recount.objects.filter(due_at__lte=Now()).select_related("unit").order_by("due_at", "pk")


RECOUNTS: due.Queue[Recount] = due.Queue(due=_due, lease=timedelta(seconds=150), next_at="due_at")


def _recount(row: Recount) -> None:
    last, moved = 0, 0
    while True:
        with audit.acting():
            RECOUNTS.hold(row)
            found = _page(row.unit, last)
            moved += _move(found)
            if len(found) < AT_ONCE:
                audit.record(verb=MOVED, thing=row.unit, by=None, conversations=moved)
                Recount.objects.filter(pk=row.pk).delete()
                return
            RECOUNTS.go_on(row)
            last = found[-1].pk


def _page(unit: Unit, after: int) -> list[Conversation]:
    """The next open conversations, locked, in the order in which messages lock them too."""
    rows = Conversation.objects.filter(unit__path__startswith=unit.path, state__in=OPEN_STATES, pk__gt=after)
    return list(rows.select_for_update(of=("self",)).select_related("unit").order_by("pk")[:AT_ONCE])


def _move(found: list[Conversation]) -> int:
    """Gives each the deadline that it has now; how many have another one than before."""
    calendars = calendars_of({one.unit for one in found})
    moved = []
    for one in found:
        before, calendar = one.deadline, calendars[one.unit_id]
        one.deadline = response_deadline(category=one.category, asked_at=one.clock_started_at, calendar=calendar)
        if one.deadline != before:
            moved.append(one)
    bulk.update(moved, ["deadline"])
    return len(moved)
