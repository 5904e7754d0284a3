"""What is frozen, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import CharField, Count, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts_registry.models import Account
from delivery.enums import DeliveryState, HoldScope
from delivery.models import Delivery, Hold
from delivery.models.hold import HoldQuerySet
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within


def covering(account: str) -> QuerySet[Hold]:
    """Holds in force over the account that the outer query calls `account` (a path of field names); for Exists."""
    return (
        Hold.objects.in_force()
        .annotate(target=ExpressionWrapper(OuterRef(f"{account}__unit__path"), CharField()))
        .filter(_stops(account=OuterRef(f"{account}_id"), path_matches=Q(target__startswith=F("unit__path"))))
    )


def holds_over(account: Account) -> QuerySet[Hold]:
    """Holds in force that stop `account` now."""
    steps = len(account.unit.path) // account.unit.steplen
    above = [account.unit.path[: account.unit.steplen * (step + 1)] for step in range(steps)]
    stops = _stops(account=account.pk, path_matches=Q(unit__path__in=above))
    return Hold.objects.in_force().filter(stops).select_related("unit", "account", "placed_by")


def _stops(*, account: Any, path_matches: Q) -> Q:
    wide = Q(scope__in=(HoldScope.ORGANISATION, HoldScope.UNIT)) & path_matches
    return Q(scope=HoldScope.ORGANISATION, unit__isnull=True) | wide | Q(scope=HoldScope.ACCOUNT, account=account)


def visible_holds(person: Person) -> HoldQuerySet:
    """Holds that the person may see: those in the units where they see freezes, those above that stop these units,
    and Parvis's own over everything."""
    seen = within(person, Permission.HOLD_VIEW)
    paths = [path for role, path in person.held_grants()]
    step = person.unit.steplen
    above = {path[: step * (n + 1)] for path in paths for n in range(len(path) // step)}
    stopped = Q(unit__path__in=above) & ~Q(scope=HoldScope.ACCOUNT) | Q(unit__isnull=True)
    return Hold.objects.filter(seen | stopped).select_related("unit", "account", "placed_by", "lifted_by")


def active_holds(person: Person) -> QuerySet[Hold]:
    """Holds in force that the person should know of: for the bar above every page."""
    return visible_holds(person).in_force()


def waiting_behind(holds: Sequence[Hold]) -> list[int]:
    """For each of `holds`, how many deliveries it keeps from being sent within the next day."""
    if not holds:
        return []
    soon = Delivery.objects.filter(state=DeliveryState.DUE, due_at__lte=Now() + timedelta(days=1))
    counts = {f"hold_{hold.pk}": Count("pk", filter=_behind(hold)) for hold in holds}
    return list(soon.aggregate(**counts).values())


def _behind(hold: Hold) -> Q:
    if hold.scope == HoldScope.ACCOUNT:
        return Q(account=hold.account_id)
    return Q(account__unit__path__startswith=hold.unit.path if hold.unit else "")
