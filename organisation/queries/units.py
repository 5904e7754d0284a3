"""Where a person's grants reach."""

from __future__ import annotations

from django.db.models import Q

from organisation.enums import GovernanceModel, Permission
from organisation.models import Person, Unit
from organisation.roles import permissions_of

STEP = Unit.steplen


def _paths(person: Person, permission: Permission) -> list[str]:
    return [path for role, path in person.held_grants() if permission in permissions_of([role])]


def _shared(path: str) -> bool:
    """Hub and spoke: all services of the organisation see each other. The organisation's root decides."""
    root = Unit.objects.filter(path=path[:STEP]).values_list("governance_model", flat=True).first()
    return root == GovernanceModel.HUB_AND_SPOKE


def reach(person: Person, permission: Permission) -> list[str]:
    """Paths of the units in which, with all below them, `person` holds `permission`."""
    paths = _paths(person, permission)
    if permission.reads:
        return sorted({path[:STEP] if len(path) > STEP and _shared(path) else path for path in paths})
    return paths


def comes_from(person: Person, permission: Permission, unit: Unit) -> Unit:
    """The highest unit from which the right of `person` in `unit` reaches there. They hold it there."""
    paths = [path for path in reach(person, permission) if unit.path.startswith(path)]
    return Unit.objects.get(path=min(paths, key=len))


def within(person: Person, permission: Permission, *, field: str = "unit") -> Q:
    """A condition on rows whose `field` is a unit where `person` holds `permission`; matches nothing without a grant.

    `field` is a path of field names to the unit; empty when the rows are units.
    """
    prefix = f"{field}__" if field else ""
    condition = Q(pk__in=[])
    for path in reach(person, permission):
        condition |= Q(**{f"{prefix}path__startswith": path})
    return condition


def units_where(person: Person, permission: Permission) -> list[Unit]:
    """Units, in the tree's order, in which `person` holds `permission`."""
    return list(Unit.objects.filter(within(person, permission, field="")).order_by("path"))
