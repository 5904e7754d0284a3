"""What was approved, or is about to be, no longer stands as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from approvals.enums import APPROVAL_LIFECYCLE, VoidReason
from approvals.models import Decision
from approvals.models.request import STANDING
from approvals.queries import hands_of, requests_of, steps_of, waiting_step
from approvals.subjects import subject_of
from organisation.actions import perform
from organisation.audit import step
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
        _void_hands(hands if lost is None else hands.filter(pk__in=[one.pk for one in lost]), reason)
        _waits, following = waiting_step(steps_of(request), hands_of(request))
        perform(
            APPROVAL_LIFECYCLE,
            "reopen",
            request,
            by=None,
            changes={"asked": following},
            details={"reason": reason.value},
        )


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
    subject = subject_of(thing)
    assert subject is not None, thing
    return requests_of(subject.kind, thing.pk).filter(state__in=STANDING)


def _void_hands(hands: Any, reason: VoidReason) -> None:
    hands.update(void_at=Now(), void_reason=reason)
