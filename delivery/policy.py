"""Who may do what to a delivery or a freeze, beyond the permission that the edge itself asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rules.predicates import predicate

from delivery.enums import DELIVERY_LIFECYCLE, LIVE, HoldCause, OriginKind
from delivery.models import Delivery, Hold
from organisation import policy
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries.units import comes_from

SCHEDULING = {OriginKind.POST.value: Permission.POST_SCHEDULE, OriginKind.ANSWER.value: Permission.ANSWER_WRITE}


@predicate
def sends_its_kind(person: Person, thing: object) -> bool:
    """What became of a send says, of posts, who schedules posts there; of answers, who writes answers."""
    return not isinstance(thing, Delivery) or policy.allows(person, SCHEDULING[thing.origin_kind], thing)


policy.condition(
    Permission.DELIVERY_RESOLVE,
    sends_its_kind,
    why=_("Your role here does not send messages of this kind: somebody who does decides what became of this one."),
)

PLACED_ABOVE = _("This freeze was placed further up than your role reaches: it is lifted there.")
BY_THE_CRISIS_CELL = _("The crisis cell placed this freeze: it lifts it itself, or an administrator of the whole does.")


def against_lifting(person: Person, hold: Hold) -> str | Promise | None:
    """Why `person` may not lift the hold, which is in their sight; None where they may.

    They reach all that it stops, from where it was placed or above. What a crisis cell placed, somebody lifts who
    leads in a crisis there, or who lifts freezes of the whole organisation.
    """
    if hold.unit is None:
        roots = list(Unit.objects.filter(depth=1))
        reaches = bool(roots) and all(policy.allows(person, Permission.HOLD_LIFT, root) for root in roots)
        return None if reaches else PLACED_ABOVE
    origin = hold.placed_from or hold.unit
    if not all(policy.allows(person, Permission.HOLD_LIFT, unit) for unit in (hold.unit, origin)):
        return PLACED_ABOVE
    if hold.by_crisis_cell and not _answers_for_a_crisis(person, origin):
        return BY_THE_CRISIS_CELL
    return None


def _answers_for_a_crisis(person: Person, unit: Unit) -> bool:
    root = Unit.objects.get(path=unit.path[: unit.steplen])
    leads = policy.allows(person, Permission.CRISIS_LEAD, unit)
    return leads or policy.allows(person, Permission.HOLD_LIFT, root)


def may_lift(person: Person, hold: Hold) -> bool:
    """True when a person is what the hold waits for, and `person` may lift it."""
    return hold.cause != HoldCause.AWAY and against_lifting(person, hold) is None


def placed_from(person: Person, where: Unit) -> Unit:
    """The highest unit from which the right of `person` to freeze `where` reaches there."""
    return comes_from(person, Permission.HOLD_PLACE, where)


def _another_lives(delivery: Delivery) -> Iterator[str | Promise]:
    same = Delivery.objects.filter(origin_kind=delivery.origin_kind, origin_id=delivery.origin_id, state__in=LIVE)
    if same.exclude(pk=delivery.pk).exists():
        yield _("This message has been scheduled anew since; look at that one.")


def _is_as_approved(delivery: Delivery, by: Any) -> Iterator[str | Promise]:
    if not delivery.knows_its_parent:
        yield _("What this answered is no longer kept, so it is not sent any more.")
    elif not delivery.is_as_approved:
        yield _("This is no longer what was approved, so it is not sent any more. Write it anew.")


@DELIVERY_LIFECYCLE.guard("sends_a_post")
def sends_a_post(delivery: Delivery, by: Any) -> Iterator[str | Promise]:
    if delivery.origin_kind != OriginKind.POST:
        yield _("This is not a post.")


@DELIVERY_LIFECYCLE.guard("sends_an_answer")
def sends_an_answer(delivery: Delivery, by: Any) -> Iterator[str | Promise]:
    if delivery.origin_kind != OriginKind.ANSWER:
        yield _("This is not an answer.")


@DELIVERY_LIFECYCLE.guard("can_still_go_as_post")
def can_still_go_as_post(delivery: Delivery, by: Any) -> Iterator[str | Promise]:
    yield from sends_a_post(delivery, by)
    yield from _is_as_approved(delivery, by)
    yield from _another_lives(delivery)


@DELIVERY_LIFECYCLE.guard("can_still_go_as_answer")
def can_still_go_as_answer(delivery: Delivery, by: Any) -> Iterator[str | Promise]:
    yield from sends_an_answer(delivery, by)
    yield from _is_as_approved(delivery, by)
    yield from _another_lives(delivery)
