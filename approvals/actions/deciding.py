"""A yes, step by step, or a no, to exactly what was read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from approvals.actions.requesting import held
from approvals.enums import APPROVAL_LIFECYCLE, Outcome, VoidReason
from approvals.models import Decision, Request
from approvals.policy import against_deciding
from approvals.queries import hands_of, lost_hands, open_request, steps_of, waiting_step
from approvals.subjects import Subject
from organisation import locks, policy
from organisation.actions import perform
from organisation.audit import step
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

LEFT = _("Somebody who took an earlier step may no longer approve: that step is asked for again first.")


@step
def approve(*, thing: Any, by: Person, content_hash: str, planned_for: datetime | None = None) -> Decision:
    """A yes to the content whose hash `by` saw, at the step that waits; the last step clears it.

    Conflict when the thing says something else now. `planned_for` is the time that they saw.
    """
    subject = held(thing)
    policy.require(by, subject.permission, thing)
    request = _request(subject, thing, "approve", content_hash)
    earlier = list(hands_of(request))
    _require_asked(by, request, subject, earlier)
    if lost_hands(earlier, (), subject.permission):
        raise Refused(LEFT)
    hand = Decision(request=request, step=request.asked, outcome=Outcome.APPROVED, by=by, planned_for=planned_for)
    waits, following = waiting_step(steps_of(request), [*earlier, hand])
    told: dict[str, Any] = {"content_hash": content_hash}
    if request.asked is not None:
        told["step"] = request.asked.position
    (subject.advanced if waits else subject.cleared)(thing, by, told)
    hand.save()
    changes = {"asked": following} if waits else {}
    perform(APPROVAL_LIFECYCLE, "advance" if waits else "clear", request, by=None, changes=changes, details=_by(by))
    return hand


@step
def send_back(*, thing: Any, by: Person, reason: str, content_hash: str | None = None) -> Decision:
    """Changes are asked for: this request is over, and the next one begins at the first step.

    Conflict where `by` read another content than this one (`content_hash`), as for `approve`.
    """
    subject = held(thing)
    policy.require(by, subject.permission, thing)
    request = _request(subject, thing, "request_changes", content_hash)
    _require_asked(by, request, subject, list(hands_of(request)))
    subject.sent_back(thing, by, {"reason": reason})
    return _end(request, "return", Outcome.CHANGES_REQUESTED, by, reason)


@step
def refuse(*, thing: Any, by: Person, reason: str, content_hash: str | None = None) -> Decision:
    """A no for good; Conflict as for `send_back`."""
    subject = held(thing)
    policy.require(by, subject.permission, thing)
    request = _request(subject, thing, "reject", content_hash)
    _require_asked(by, request, subject, list(hands_of(request)))
    subject.rejected(thing, by, {"reason": reason})
    return _end(request, "refuse", Outcome.REJECTED, by, reason)


def _request(subject: Subject, thing: Any, wanted: str, content_hash: str | None = None) -> Request:
    """The open one; of this hash, and with the thing still bearing it, where one is named."""
    if content_hash is not None and subject.content_hash(thing) != content_hash:
        raise Conflict(thing, wanted)
    request = open_request(subject.kind, thing.pk)
    if request is None or content_hash not in (None, request.content_hash):
        raise Conflict(thing, wanted)
    return locks.take(Request.objects.select_related("unit", "asked__unit"), request.pk)


def _require_asked(by: Person, request: Request, subject: Subject, hands: list[Decision]) -> None:
    if why := against_deciding(by, request, subject, hands):
        raise PermissionDenied(why)


def _end(request: Request, edge: str, outcome: Outcome, by: Person, reason: str) -> Decision:
    hands_of(request).update(void_at=Now(), void_reason=VoidReason.OVERRULED)
    decision = Decision.objects.create(request=request, step=request.asked, outcome=outcome, by=by)
    perform(APPROVAL_LIFECYCLE, edge, request, by=None, changes={"remark": reason}, details=_by(by))
    return decision


def _by(person: Person) -> dict[str, Any]:
    """The act is the subject's event, which names the person; the request's own says whose it followed from."""
    return {"person": person.pk}
