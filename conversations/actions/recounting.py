"""When a service is open has changed, so what is open there is due at another time: worked out again by a worker."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from conversations.enums import OPEN_STATES
from conversations.models import Conversation, Recount
from conversations.queries.recounts import MOST_TRIES
from conversations.schedule import response_deadline
from organisation import audit, bulk, due
from organisation.models import Unit
from organisation.queries import calendars_of

log = logging.getLogger(__name__)

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
    rows = Recount.objects.filter(due_at__lte=Now(), tries__lt=MOST_TRIES)
    return rows.select_related("unit").order_by("due_at", "pk")


RECOUNTS: due.Queue[Recount] = due.Queue(due=_due, lease=timedelta(seconds=150), next_at="due_at", tries="tries")


def _recount(row: Recount) -> None:
    try:
        _move_all(row)
    except due.Lost:
        raise
    except Exception:
        log.exception("the deadlines of unit %s could not be worked out (%s tries)", row.unit_id, row.tries)
        RECOUNTS.put_off(row, row.tries - 1)


def _move_all(row: Recount) -> None:
    last, moved = 0, 0
    while True:
        with audit.acting():
            RECOUNTS.hold(row)
            found = _page(row.unit, last)
            moved += _move(found)
            if len(found) < AT_ONCE:
                audit.record(verb=MOVED, thing=row.unit, by=None, conversations=moved)
                _done(row)
                return
            RECOUNTS.go_on(row)
            last = found[-1].pk


def _done(row: Recount) -> None:
    """With it goes what was given up here and below: its deadlines have been worked out by now."""
    given_up = Q(tries__gte=MOST_TRIES, pk__lt=row.pk, unit__path__startswith=row.unit.path)
    Recount.objects.filter(Q(pk=row.pk) | given_up).delete()


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
