"""Where a person's grants reach."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from django.db.models import Q

from organisation.enums import GovernanceModel, Permission
from organisation.governance import SHARED, roles_given, shares
from organisation.models import Person, Unit
from organisation.queries.paging import Parts
from organisation.roles import permissions_of

STEP = Unit.steplen


def paths_above(path: str) -> list[str]:
    """Paths of the unit at `path` and of all above it, from the top down."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


def reach(person: Person, permission: Permission) -> list[str]:
    """Paths of the units in which, with all below them, `person` holds `permission` by their grants."""
    return [path for role, path in person.held_grants() if permission in permissions_of([role])]


def rights_of(person: Person) -> Hashable:
    """All of a person from which conditions like `within` are made, but who they are: where they work, what they hold
    in force, and how the services there are governed. Two that are equal make the same conditions."""
    models = frozenset(_models_around(person).items())
    return person.unit_id, person.is_active, tuple(sorted(person.held_grants())), models


@dataclass(frozen=True)
class Area:
    """The unit at `path` and all below it, but for what `without` begins."""

    path: str
    without: tuple[str, ...] = ()

    def takes_in(self, path: str) -> bool:
        return path.startswith(self.path) and not path.startswith(self.without)

    def rows(self, prefix: str) -> Q:
        """A condition on rows, whose unit is what `prefix` leads to."""
        found = Q(**{f"{prefix}path__startswith": self.path})
        for path in self.without:
            found &= ~Q(**{f"{prefix}path__startswith": path})
        return found


def areas(person: Person, permission: Permission) -> list[Area]:
    """Where `person` holds `permission`: by their grants, and where services share what they see with each other."""
    paths = sorted(set(reach(person, permission)))
    shared = _shared(paths, _models_around(person)) if permission in SHARED else []
    whole = tuple(area.path for area in shared if not area.without)
    return [*(Area(path) for path in paths if not path.startswith(whole)), *shared]


def shared_from(person: Person, path: str) -> list[Area]:
    """What whoever holds something at `path` sees besides, where services share it. For somebody who holds it there."""
    return _shared([path], _models_around(person))


def _shared(paths: list[str], models: dict[str, GovernanceModel]) -> list[Area]:
    """What is seen besides from units at `paths`: who does not share neither sees the others, nor is seen by them."""
    roots = {path[:STEP] for path in paths if len(path) > STEP}
    sharing = {path[:STEP] for path in paths if path[:STEP] in roots and shares(_nearest(path, models))}
    opened = sorted(path for path, model in models.items() if shares(model) and path[:STEP] in sharing)
    closed = [path for path, model in models.items() if not shares(model)]
    return [Area(path, tuple(sorted(one for one in closed if one.startswith(path)))) for path in opened]


def _models_around(person: Person) -> dict[str, GovernanceModel]:
    """Those of the organisations in which `person` holds something below the root, read once per loaded person."""
    roots = {path[:STEP] for _role, path in person.held_grants() if len(path) > STEP}
    if not roots:
        return {}
    if (around := person.models_around) is None:
        around = person.models_around = _models(roots)
    return around


def _models(roots: Iterable[str]) -> dict[str, GovernanceModel]:
    """By path, the model of each unit of these organisations that has one of its own."""
    inside = Q(pk__in=[])
    for root in roots:
        inside |= Q(path__startswith=root)
    own = Unit.objects.filter(inside).exclude(governance_model="").values_list("path", "governance_model")
    return {path: GovernanceModel(model) for path, model in own}


def models_of(roots: Iterable[str]) -> dict[str, GovernanceModel]:
    """For the organisations at `roots`: by path, the model of each unit that has one of its own."""
    return _models(roots)


def _nearest(path: str, models: dict[str, GovernanceModel]) -> GovernanceModel:
    return models[max((one for one in models if path.startswith(one)), key=len)]


def nearest_model(path: str, models: dict[str, GovernanceModel]) -> GovernanceModel:
    """How what stands at `path` is governed, where services are governed by `models`."""
    return _nearest(path, models)


def unit_above(unit: Unit) -> Unit | None:
    """None for an organisation."""
    return Unit.objects.filter(path=unit.path[:-STEP]).first()


def model_of(unit: Unit) -> GovernanceModel:
    """How `unit` is governed: by its own model, or by that of the nearest unit above that has one."""
    return _nearest(unit.path, _models([unit.path[:STEP]]))


def roles_to_give(person: Person, unit: Unit) -> frozenset[str]:
    """Keys of the roles that `person` gives in `unit` as an administrator, by how the unit is governed."""
    return _given(unit.path, reach(person, Permission.PERSON_MANAGE), _models([unit.path[:STEP]]))


def units_to_give_in(person: Person) -> list[Unit]:
    """Units, in the tree's order, in which `person` gives some role."""
    paths, units = reach(person, Permission.PERSON_MANAGE), units_where(person, Permission.PERSON_MANAGE)
    models = _models({unit.path[:STEP] for unit in units})
    return [unit for unit in units if _given(unit.path, paths, models)]


def given_at(path: str, administered: list[str], models: dict[str, GovernanceModel]) -> frozenset[str]:
    """Roles that whoever administers the units at `administered` gives at `path`, where services are governed by
    `models`."""
    return _given(path, administered, models)


def _given(path: str, administered: list[str], models: dict[str, GovernanceModel]) -> frozenset[str]:
    if not path.startswith(tuple(administered)):
        return frozenset()
    return roles_given(_nearest(path, models), by_the_centre=path[:STEP] in administered)


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
    for area in areas(person, permission):
        condition |= area.rows(prefix)
    return condition


def by_unit(person: Person, permission: Permission, *, below: str = "") -> Parts:
    """The rows of each unit where `person` holds `permission`, at the path `below` or under it."""
    units = Unit.objects.filter(within(person, permission, field=""), path__startswith=below)
    return Parts(units, "unit")


def units_where(person: Person, permission: Permission) -> list[Unit]:
    """Units, in the tree's order, in which `person` holds `permission`."""
    return list(Unit.objects.filter(within(person, permission, field="")).order_by("path"))
