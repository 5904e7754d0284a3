"""Who may do what to a delivery or a freeze, beyond the permission that the edge itself asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delivery.enums import DELIVERY_LIFECYCLE, LIVE, HoldCause, OriginKind
from delivery.models import Delivery, Hold
from organisation import policy
from organisation.enums import Permission
from organisation.models import Person, Unit

SCHEDULING = {OriginKind.POST.value: Permission.POST_SCHEDULE, OriginKind.ANSWER.value: Permission.ANSWER_WRITE}


def require_over_everything(person: Person, permission: Permission) -> None:
    """Raises PermissionDenied unless `person` holds `permission` over every organisation there is."""
    roots = list(Unit.objects.filter(depth=1))
    if not roots:
        raise PermissionDenied
    for root in roots:
        policy.require(person, permission, root)


def may_lift(person: Person, hold: Hold) -> bool:
    """True when `person` reaches all that the hold stops, and a person is what it waits for."""
    if hold.cause == HoldCause.AWAY:
        return False
    if hold.unit is not None:
        return policy.allows(person, Permission.HOLD_LIFT, hold.unit)
    roots = list(Unit.objects.filter(depth=1))
    return bool(roots) and all(policy.allows(person, Permission.HOLD_LIFT, root) for root in roots)


def _another_lives(delivery: Delivery) -> Iterator[str | Promise]:
    same = Delivery.objects.filter(origin_kind=delivery.origin_kind, origin_id=delivery.origin_id, state__in=LIVE)
    if same.exclude(pk=delivery.pk).exists():
        yield _("This message has been scheduled anew since; look at that one.")


@DELIVERY_LIFECYCLE.guard("is_as_approved")
def is_as_approved(delivery: Delivery, by: Any) -> Iterator[str | Promise]:
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
    yield from is_as_approved(delivery, by)
    yield from _another_lives(delivery)


@DELIVERY_LIFECYCLE.guard("can_still_go_as_answer")
def can_still_go_as_answer(delivery: Delivery, by: Any) -> Iterator[str | Promise]:
    yield from sends_an_answer(delivery, by)
    yield from is_as_approved(delivery, by)
    yield from _another_lives(delivery)
