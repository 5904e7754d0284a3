"""What was approved, or is about to be, no longer stands as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from approvals.enums import APPROVAL_LIFECYCLE, RequestState, VoidReason
from approvals.models import Decision, Request
from approvals.models.request import STANDING
from approvals.queries import hands_of, lost_hands, requests_of, steps_of, waiting_step
from approvals.subjects import subject, subject_of
from organisation import locks
from organisation.actions import perform
from organisation.audit import action, step
from organisation.lifecycle import Conflict
from organisation.models import Person


@step
def void(*, thing: Any, reason: VoidReason) -> None:
    """Ends what stands for it, asked or given; it stays for the record. Nothing to do where nothing stands."""
    for request in _standing(thing):
        _void_hands(hands_of(request), reason)
        perform(APPROVAL_LIFECYCLE, "void", request, by=None, details={"reason": reason.value})


@step
def reopen(*, thing: Any, reason: VoidReason, lost: Sequence[Decision] | None = None) -> None:
    """Asks again for the hands in `lost`, for all without it: the content is the same, and they no longer count."""
    for request in _standing(thing):
        hands = hands_of(request)
        _ask_again(request, hands if lost is None else hands.filter(pk__in=[one.pk for one in lost]), reason)


@action
def recount(*, request: Request) -> Request:
    """Asks again for the steps whose takers may no longer approve. Conflict where all of them still may, or where it
    no longer waits."""
    locked = locks.take(Request.objects.select_related("unit", "asked__unit"), request.pk)
    hands = hands_of(locked)
    lost = lost_hands(list(hands), (), subject(locked.kind).permission)
    if not lost or locked.state != RequestState.OPEN:
        raise Conflict(locked, "reopen")
    _ask_again(locked, hands.filter(pk__in=[one.pk for one in lost]), VoidReason.APPROVER_LEFT)
    return locked


@step
def know_time(*, thing: Any, due_at: datetime | None, by: Person | None) -> None:
    """Whoever approved `thing` knows its time if they set it themselves, or if it is the first.

    Else they are told until they have seen it.
    """
    knowing = Q(planned_for__isnull=True) | Q(by=by) if by else Q(planned_for__isnull=True)
    Decision.objects.filter(knowing, request__in=_standing(thing).order_by(), void_at__isnull=True).update(
        planned_for=due_at
    )


def _standing(thing: Any) -> Any:
    about = subject_of(thing)
    assert about is not None, thing
    return requests_of(about.kind, thing.pk).filter(state__in=STANDING)


def _ask_again(request: Request, hands: QuerySet[Decision], reason: VoidReason) -> None:
    _void_hands(hands, reason)
    _waits, following = waiting_step(steps_of(request), hands_of(request))
    told = {"reason": reason.value}
    perform(APPROVAL_LIFECYCLE, "reopen", request, by=None, changes={"asked": following}, details=told)


def _void_hands(hands: Any, reason: VoidReason) -> None:
    hands.update(void_at=Now(), void_reason=reason)
