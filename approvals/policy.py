"""Who may decide about a request now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from approvals.enums import APPROVAL_LIFECYCLE, Place
from approvals.models import Decision, Request
from approvals.queries import hands_of, open_request, steps_of, waiting_step
from approvals.queries.backing import may_take
from approvals.subjects import Subject, subject_of
from organisation import policy
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries.authority import same_hand

Text = str | Promise
NOT_ASKED = _("Another step of this approval waits, and it is not yours to take.")
TOOK_ONE = _("You took another step of this approval, or count as who did: somebody else has to take this one.")


def against_deciding(person: Person, request: Request, subject: Subject, hands: Iterable[Decision]) -> Text | None:
    """Why the person, who may approve such things, does not decide about this one now; None where they do."""
    if not may_take(person, request.asked, request.unit, subject.permission):
        return NOT_ASKED
    return TOOK_ONE if any(same_hand(person, one.by) for one in hands) else None


@policy.lender
def is_asked_beside(person: Person, permission: Permission, thing: Any) -> bool:
    """Somebody of another unit may approve a thing of this one while a step of its approval asks theirs to."""
    subject = subject_of(thing)
    if subject is None or subject.permission != permission or not policy.allows_anywhere(person, permission):
        return False
    request = open_request(subject.kind, thing.pk)
    if request is None or request.asked is None or request.asked.place != Place.PEER:
        return False
    return may_take(person, request.asked, request.unit, permission)


@APPROVAL_LIFECYCLE.guard("every_step_taken")
def every_step_taken(request: Request, by: Any) -> Iterator[Text]:
    waits, _step = waiting_step(steps_of(request), hands_of(request))
    if waits:
        yield _("A step of this approval is not taken yet.")
