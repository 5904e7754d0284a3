"""Reads of sightings, of the abuse register, and of what was declared about it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from accounts_registry.enums import STANDING, AbuseState, AccountState, SightingState
from accounts_registry.models import AbuseCase, Account, NilReturn, Sighting
from networks import profiles
from networks.addresses import host_of, taken_apart
from networks.catalogue import NETWORKS
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import within

QUARTER = timedelta(days=92)
OPEN = (SightingState.DETECTED, SightingState.CONTACTED, SightingState.EXPLAINED)


def visible_sightings(person: Person) -> QuerySet[Sighting]:
    """Sightings of which `person` may know, with unit, imitated account and case at hand."""
    found = Sighting.objects.filter(within(person, Permission.ACCOUNT_VIEW))
    return found.select_related("unit", "imitates", "case", "reported_by")


def visible_cases(person: Person) -> QuerySet[AbuseCase]:
    """Cases of the abuse register of which `person` may know, with their sighting at hand."""
    found = AbuseCase.objects.filter(within(person, Permission.ACCOUNT_VIEW, field="sighting__unit"))
    return found.select_related("sighting__unit", "sighting__imitates", "reported_by", "confirmed_by")


def visible_nil_returns(person: Person) -> QuerySet[NilReturn]:
    return NilReturn.objects.filter(within(person, Permission.ACCOUNT_VIEW)).select_related("unit", "declared_by")


def own_account(found: Iterable[profiles.Key], network: str) -> Account | None:
    """The account of the registry that any of the keys `found` names, if it is one of ours that stands."""
    keys = set(found)
    for account in Account.objects.filter(network=network).exclude(state=AccountState.ARCHIVED):
        own = profiles.keys(
            account.network, host_of(account.base_url), account.told_handle or account.handle, account.remote_id
        )
        if keys & set(own):
            return account
    return None


def imitable_accounts(person: Person) -> QuerySet[Account]:
    """Accounts that somebody may imitate, as `person` sees them."""
    seen = Account.objects.filter(within(person, Permission.ACCOUNT_VIEW)).exclude(state=AccountState.ARCHIVED)
    return seen.order_by("network", "handle")


def keys_of(sighting: Sighting) -> set[profiles.Key]:
    """By what a citizen may name the account; nothing where its network is none that Parvis knows."""
    if sighting.network not in NETWORKS:
        return set()
    return set(profiles.keys(sighting.network, sighting.server, sighting.handle, sighting.remote_id))


def plain_address(address: str) -> str:
    """A web address as far as it tells one page from another; empty where it is none."""
    parts = taken_apart(address)
    return f"{host_of(address).removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}" if parts.netloc else ""


def marks_of(impostors: Iterable[tuple[str, str, str, str, str]]) -> Iterator[Hashable]:
    """By what a citizen may name accounts, each told by network, server, name, id and address."""
    for *named, address in impostors:
        yield from profiles.keys(*named) if named[0] else ()
        if plain := plain_address(address):
            yield plain


def standing_impersonations() -> QuerySet[Sighting]:
    """Accounts of which two people said that they pose as us, and that are not gone as far as we know."""
    return Sighting.objects.filter(case__state__in=STANDING).exclude(key="")


# ---- "None" as an answer --------------------------------------------------------------------------------------------
def cases_within(unit: Unit, since: date, until: date) -> QuerySet[AbuseCase]:
    """Cases of `unit` and below that were reported, and not dismissed, from `since` to `until`, in the unit's days; and
    those from before that still stood."""
    below = AbuseCase.objects.filter(sighting__unit__path__startswith=unit.path).exclude(state=AbuseState.DISMISSED)
    reported = Q(sighting__reported_at__date__range=(since, until)) | Q(reported_at__date__range=(since, until))
    still = Q(reported_at__date__lt=since) & ~Q(state=AbuseState.TAKEN_DOWN)
    return below.filter(reported | still)


@dataclass(frozen=True)
class LastReturn:
    """What a unit last declared: None where it never did. `is_old`: a quarter has passed since."""

    unit: Unit
    declared: NilReturn | None
    is_old: bool
    open_cases: int


def last_returns(person: Person, today: date, below: str = "") -> list[LastReturn]:
    """For each unit that `person` sees and that has an account or a case, the last declaration that covers it."""
    units = list(_concerned(person, below))
    declared: dict[int, NilReturn] = {}
    for one in visible_nil_returns(person).order_by("unit_id", "-until", "-id").distinct("unit_id"):
        declared[one.unit_id] = one
    open_cases = _open_cases(units)
    rows = []
    for unit in units:
        last = declared.get(unit.pk)
        rows.append(LastReturn(unit, last, last is not None and today - last.until > QUARTER, open_cases[unit.pk]))
    return rows


def _concerned(person: Person, below: str) -> QuerySet[Unit]:
    seen = Unit.objects.filter(within(person, Permission.ACCOUNT_VIEW, field=""), path__startswith=below)
    holding = Account.objects.exclude(state=AccountState.ARCHIVED).values("unit")
    return seen.filter(
        Q(pk__in=holding) | Q(pk__in=Sighting.objects.values("unit")) | Q(pk__in=NilReturn.objects.values("unit"))
    ).order_by("path")


def _open_cases(units: list[Unit]) -> dict[int, int]:
    ended = (AbuseState.TAKEN_DOWN, AbuseState.DISMISSED)
    counted = dict.fromkeys((unit.pk for unit in units), 0)
    for unit in AbuseCase.objects.exclude(state__in=ended).values_list("sighting__unit", flat=True):
        if unit in counted:
            counted[unit] += 1
    return counted
