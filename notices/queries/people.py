"""Who is told by default, and whether they may be."""

from __future__ import annotations

from django.db.models import Q

from notices.kinds import About
from organisation.enums import Permission
from organisation.models import Grant, Person, Unit
from organisation.queries.units import reach
from organisation.roles import holding, permissions_of


def holders(permission: Permission, unit: Unit | None) -> list[Person]:
    """Active people who hold `permission` in `unit` by a grant of their own, by name; without a unit, those who hold
    it for a whole organisation."""
    grants = Grant.objects.in_force().filter(role__in=holding(permission))
    if unit is None:
        grants = grants.filter(unit__depth=1)
    else:
        lengths = range(Unit.steplen, len(unit.path) + 1, Unit.steplen)
        grants = grants.filter(unit__path__in=[unit.path[:length] for length in lengths])
    found = Person.objects.filter(is_active=True, pk__in=grants.values("person"))
    return list(found.select_related("unit").order_by("name", "pk"))


def who_may_know(about: About) -> list[Person]:
    """Those of its people, each once, who are active and hold what it takes in its unit."""
    found = [one for one in {person.pk: person for person in about.people}.values() if one.is_active]
    Person.read_grants(found)
    return [person for person in found if _holds(person, about.sees, about.unit)]


def _holds(person: Person, permission: Permission, unit: Unit | None) -> bool:
    paths = reach(person, permission)
    if unit is None:
        return any(len(path) == Unit.steplen for path in paths)
    return any(unit.path.startswith(path) for path in paths)


def in_sight(person: Person, notice: str = "") -> Q:
    """A condition on notices (on rows whose notice is what the prefix `notice` leads to): the person holds what it
    takes. Asks nothing of the database but the person's grants."""
    found = Q(pk__in=[])
    for role, path in person.held_grants():
        here = Q(**{f"{notice}unit__path__startswith": path})
        if len(path) == Unit.steplen:
            here |= Q(**{f"{notice}unit__isnull": True})
        found |= Q(**{f"{notice}sees__in": sorted(permissions_of([role]))}) & here
    return found
