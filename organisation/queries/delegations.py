"""Roles lent to colleagues for a time: who sees them, to whom one may be lent, and who ends them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from organisation.enums import Permission
from organisation.models import Delegation, Grant, Person
from organisation.queries.authority import reaches_beyond
from organisation.queries.paging import Keyset
from organisation.queries.units import reach
from organisation.queries.visible import visible_people
from organisation.roles import ROLES, permissions_of

FIRST_TO_BEGIN = Keyset("begins", size=50, newest_first=False)
# Who may give these would leave behind, after the end, what they gave.
_NEVER_LENT = frozenset({Permission.PERSON_MANAGE, Permission.UNIT_MANAGE, Permission.ADMIN_SITE})


def is_lent(role: str) -> bool:
    """False for a role that gives roles, or changes how units are governed."""
    return role in ROLES and not permissions_of([role]) & _NEVER_LENT


def own_to_lend(person: Person) -> QuerySet[Grant]:
    """Grants of the person's own, in force, that they may lend."""
    lent = [key for key in ROLES if is_lent(key)]
    return Grant.objects.in_force().filter(person=person, role__in=lent).select_related("unit").order_by("unit__path")


def colleagues(person: Person, grants: Iterable[Grant]) -> QuerySet[Person]:
    """To whom one of these grants of `person` may be lent: who works where it holds, or in the unit of `person`."""
    here = Q(unit=person.unit_id)
    for grant in grants:
        here |= Q(unit__path__startswith=grant.unit.path)
    found = Person.objects.filter(here, is_active=True, responsible__isnull=True).exclude(pk=person.pk)
    return found.select_related("unit").order_by("name", "pk")


def is_colleague(grant: Grant, delegate: Person) -> bool:
    return colleagues(grant.person, [grant]).filter(pk=delegate.pk).exists()


def visible_delegations(person: Person) -> QuerySet[Delegation]:
    """Those to come or in force that are the person's own, on either side, or of people whom they look up."""
    seen = visible_people(person).values("pk")
    found = Delegation.objects.to_come_or_in_force().filter(Q(grant__person__in=seen) | Q(delegate__in=seen))
    return found.select_related("grant__unit", "grant__person__unit", "delegate__unit").order_by("begins", "pk")


def of_person(person: Person, about: Person) -> QuerySet[Delegation]:
    """Of those, the ones that `about` lent, or that were lent to them."""
    return visible_delegations(person).filter(Q(grant__person=about) | Q(delegate=about))


def may_end(person: Person, delegation: Delegation) -> bool:
    """Who lent it, their stand-in, and who administers the unit and covers both."""
    if person.pk in (delegation.person.pk, delegation.delegate_id):
        return person.is_active
    administers = any(delegation.unit.path.startswith(path) for path in reach(person, Permission.PERSON_MANAGE))
    return administers and not any(reaches_beyond(person, one) for one in (delegation.person, delegation.delegate))
