"""What was put before approvers, what they said, and whether it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, CharField, QuerySet

from approvals.enums import Outcome, RequestState
from approvals.models import Decision, Request, Step
from approvals.subjects import Matter
from organisation.prepared import Prepared, Slot, numbers


def cleared(matters: Collection[Matter]) -> set[Matter]:
    """Those of which exactly this hash is approved, by every step that was asked for. One query a kind.

    Whoever acts on the answer holds the subjects' rows under lock: what changes a subject takes that lock before it
    voids the approval.
    """
    asked: dict[str, set[int]] = defaultdict(set)
    for one in matters:
        if not one.on_own_word:
            asked[one.kind].add(one.subject_id)
    found = {row for kind, ids in asked.items() for row in _cleared()(kind=kind, subjects=numbers(ids))}
    return {one for one in matters if one.on_own_word or (one.kind, one.subject_id, one.content_hash) in found}


@cache
def _cleared() -> Prepared[Request, tuple[str, int, str]]:
    asked = {"kind": Slot("kind", CharField()), "subject_id__in": Slot("subjects", BigIntegerField())}
    return Prepared(
        Request.objects.filter(state=RequestState.CLEARED, **asked)
        .order_by()
        .values_list("kind", "subject_id", "content_hash")
    )


def requests_of(kind: str, subject_id: int) -> QuerySet[Request]:
    """Every time it was submitted, the newest first."""
    return Request.objects.filter(kind=kind, subject_id=subject_id)


def open_request(kind: str, subject_id: int) -> Request | None:
    """The one that waits for a decision."""
    found = requests_of(kind, subject_id).filter(state=RequestState.OPEN)
    return found.select_related("asked__unit").first()


def approvals_of(kind: str, subject_id: int) -> QuerySet[Decision]:
    """Every yes that was ever given to it, the newest first, whether or not it still counts."""
    given = Decision.objects.filter(request__kind=kind, request__subject_id=subject_id, outcome=Outcome.APPROVED)
    return given.select_related("request", "by")


def hands_of(request: Request) -> QuerySet[Decision]:
    """Every yes to `request` that counts, in the order of being given."""
    return _counting(Decision.objects.filter(request=request)).order_by("pk")


def begun() -> QuerySet[Decision, Any]:
    """Ids of the requests of which a step was taken, and another waits."""
    taken = _counting(Decision.objects.filter(request__state=RequestState.OPEN))
    return taken.order_by().values("request_id")


def hands_behind(kind: str, subject_ids: Iterable[int]) -> list[Decision]:
    """Every yes on which the clearance of one of these subjects rests, the newest first."""
    return _hands_behind()(kind=kind, subjects=numbers(subject_ids))


@cache
def _hands_behind() -> Prepared[Decision, Decision]:
    subjects = {"request__subject_id__in": Slot("subjects", BigIntegerField())}
    standing = {"request__kind": Slot("kind", CharField()), "request__state": RequestState.CLEARED}
    return Prepared(_counting(Decision.objects.filter(**standing, **subjects)).order_by("-pk"))


def _counting(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    given = decisions.filter(outcome=Outcome.APPROVED, void_at__isnull=True)
    return given.select_related("request__unit", "step__unit", "by").defer("request__content")


def steps_of(request: Request) -> list[Step | None]:
    """In their order, as they stood when the request began; None is the one step of a request without a route."""
    if request.route_id is None:
        return [None]
    return list(Step.objects.filter(route=request.route_id).select_related("unit"))


def waiting_step(steps: Iterable[Step | None], hands: Iterable[Decision]) -> tuple[bool, Step | None]:
    """Whether any step still wants a hand, and the first that does."""
    given = [hand.step_id for hand in hands]
    for step in steps:
        wanted, taken = (step.hands, given.count(step.pk)) if step else (1, given.count(None))
        if taken < wanted:
            return True, step
    return False, None
