"""What is frozen, and by what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from delivery.enums import DeliveryState, HoldScope
from delivery.models import Delivery, Hold
from delivery.models.hold import HoldQuerySet
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.prepared import Prepared, Slot, numbers, paths
from organisation.queries import within


def covering() -> QuerySet[Hold]:
    """Holds in force over the account or the message of the delivery that is the outer query's row; for Exists."""
    over = Q(of_account__startswith=F("unit__path")) | Q(of_message__startswith=F("unit__path"))
    return (
        Hold.objects.in_force()
        .annotate(
            of_account=ExpressionWrapper(OuterRef("account__unit__path"), CharField()),
            of_message=ExpressionWrapper(OuterRef("message_unit__path"), CharField()),
        )
        .filter(_stops(Q(account=OuterRef("account_id")), path_matches=over))
    )


def holds_over(accounts: Iterable[Account], *, message_unit: Unit | None) -> list[Hold]:
    """Holds in force that stop what `message_unit` says (None: the account's own unit) on one of `accounts`."""
    concerned = list(accounts)
    units = {unit.pk: unit for account in concerned for unit in (account.unit, message_unit or account.unit)}
    above = {
        unit.path[: unit.steplen * (step + 1)]
        for unit in units.values()
        for step in range(len(unit.path) // unit.steplen)
    }
    return _over()(accounts=numbers(one.pk for one in concerned), paths=paths(above))


@cache
def _over() -> Prepared[Hold, Hold]:
    of_account = Q(account__in=Slot("accounts", BigIntegerField()))
    stops = _stops(of_account, path_matches=Q(unit__path__in=Slot("paths", CharField())))
    return Prepared(Hold.objects.in_force().filter(stops).select_related("unit", "account", "placed_by"))


def _stops(account_matches: Q, *, path_matches: Q) -> Q:
    wide = Q(scope__in=(HoldScope.ORGANISATION, HoldScope.UNIT)) & path_matches
    return Q(scope=HoldScope.ORGANISATION, unit__isnull=True) | wide | (Q(scope=HoldScope.ACCOUNT) & account_matches)


def left_behind(unit: Unit, parent: Unit) -> Iterator[Any]:
    """Why `unit` does not move below `parent`: a freeze above it here would no longer stop it there."""
    above = [unit.path[:end] for end in range(Unit.steplen, len(unit.path), Unit.steplen)]
    here = Hold.objects.in_force().filter(scope=HoldScope.UNIT, unit__path__in=above).select_related("unit")
    for hold in here.order_by("unit__path", "pk"):
        if hold.unit is not None and not parent.path.startswith(hold.unit.path):
            yield _("%(unit)s is frozen, and this unit with it: lift the freeze first.") % {"unit": hold.unit.name}


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
    path = hold.unit.path if hold.unit else ""
    return Q(account__unit__path__startswith=path) | Q(message_unit__path__startswith=path)
