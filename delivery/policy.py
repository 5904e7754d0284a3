"""Who may do what to a delivery or a freeze, beyond the permission that the edge itself asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rules.predicates import predicate

from accounts_registry.enums import AccountState
from delivery.enums import DELIVERY_LIFECYCLE, LIVE, HoldCause
from delivery.models import Delivery, Hold
from delivery.origins import permissions_on
from organisation import policy
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries.units import comes_from


@predicate
def sends_its_kind(person: Person, thing: object) -> bool:
    """What became of a send says whoever schedules messages of its kind there."""
    return not isinstance(thing, Delivery) or policy.allows(person, permissions_on(thing).schedule, thing)


policy.condition(
    Permission.DELIVERY_RESOLVE,
    sends_its_kind,
    why=_("Your role here does not send messages of this kind: somebody who does decides what became of this one."),
    rule=_("Of messages of a kind that one may schedule."),
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
    if hold.by_crisis_cell and not _has_charge_of_crises(person, origin):
        return BY_THE_CRISIS_CELL
    return None


def _has_charge_of_crises(person: Person, unit: Unit) -> bool:
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


def _is_as_approved(delivery: Delivery) -> Iterator[str | Promise]:
    if not delivery.knows_its_parent:
        yield _("What this answered is no longer kept, so it is not sent any more.")
    elif not delivery.is_as_approved:
        yield _("This is no longer what was approved, so it is not sent any more. Write it anew.")


@DELIVERY_LIFECYCLE.guard("can_still_go")
def can_still_go(delivery: Delivery, by: Any) -> Iterator[str | Promise]:
    yield from _is_as_approved(delivery)
    yield from _another_lives(delivery)
    if delivery.account.state == AccountState.CLOSING:
        yield _("The account is closing: nothing new is scheduled there.")


@DELIVERY_LIFECYCLE.asks("withdraw")
def asked_to_withdraw(delivery: Delivery) -> Permission:
    return permissions_on(delivery).withdraw


@DELIVERY_LIFECYCLE.asks("reconfirm")
def asked_to_reconfirm(delivery: Delivery) -> Permission:
    return permissions_on(delivery).reconfirm
