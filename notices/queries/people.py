"""Who is told by default, and whether they may be."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from notices.kinds import About
from organisation.enums import Permission
from organisation.models import Grant, Person, Unit
from organisation.queries.authority import people_holding
from organisation.queries.units import reach
from organisation.roles import holding, permissions_of


def holders(permission: Permission, unit: Unit | None) -> list[Person]:
    """Active people who hold `permission` in `unit` by a grant of their own, or by one that is lent to them, by name;
    without a unit, those who hold it for a whole organisation."""
    grants = Grant.objects.in_force().filter(role__in=holding(permission))
    places = Q(unit__depth=1) if unit is None else Q(unit__path__in=_above(unit.path))
    return _holding(grants.filter(places))


def concerned(permission: Permission, unit: Unit | None) -> list[Person]:
    """The same with those who hold it in a unit below; without a unit, all who hold it anywhere."""
    grants = Grant.objects.in_force().filter(role__in=holding(permission))
    if unit is not None:
        grants = grants.filter(Q(unit__path__in=_above(unit.path)) | Q(unit__path__startswith=unit.path))
    return _holding(grants)


def _above(path: str) -> list[str]:
    """Paths of the unit at `path` and of all above it."""
    return [path[:length] for length in range(Unit.steplen, len(path) + 1, Unit.steplen)]


def _holding(grants: QuerySet[Grant]) -> list[Person]:
    found = Person.objects.filter(people_holding(grants), is_active=True, responsible__isnull=True)
    return list(found.select_related("unit").order_by("name", "pk"))


def who_may_know(about: About) -> list[Person]:
    """Those of its people, each once, who are active and hold what it takes in its unit."""
    found = [
        one for one in {person.pk: person for person in about.people}.values() if one.is_active and not one.is_machine
    ]
    Person.read_grants(found)
    return [person for person in found if _holds(person, about)]


def _holds(person: Person, about: About) -> bool:
    paths = reach(person, about.sees)
    if about.unit is None:
        return any(about.reaches_down or len(path) == Unit.steplen for path in paths)
    place = about.unit.path
    return any(place.startswith(path) or (about.reaches_down and path.startswith(place)) for path in paths)


def in_sight(person: Person, notice: str = "") -> Q:
    """A condition on notices (on rows whose notice is what the prefix `notice` leads to): the person holds what it
    takes. Asks nothing of the database but the person's grants."""
    found = Q(pk__in=[])
    for role, path in person.held_grants():
        everywhere, above = Q(**{f"{notice}unit__isnull": True}), Q(**{f"{notice}unit__path__in": _above(path)})
        here = Q(**{f"{notice}unit__path__startswith": path})
        here |= Q(**{f"{notice}reaches_down": True}) & (above | everywhere)
        if len(path) == Unit.steplen:
            here |= everywhere
        found |= Q(**{f"{notice}sees__in": sorted(permissions_of([role]))}) & here
    return found
