"""What changes for whom where a unit stands elsewhere in the tree: worked out from grants, before anything moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass

from organisation.enums import GovernanceModel, Permission
from organisation.governance import SHARED
from organisation.models import Person, Unit
from organisation.queries.governing import Effect, alike
from organisation.queries.units import STEP, areas, given_at, models_of, nearest_model, reach
from organisation.roles import ROLES

SOMEWHERE = "Z" * STEP  # a place below the new parent at which nothing stands


@dataclass(frozen=True)
class Tree:
    """Where every unit stands, by key, and by which model those are governed that have one of their own, by path."""

    paths: Mapping[int, str]
    models: Mapping[str, GovernanceModel]

    def moved(self, below: str, to: str) -> Tree:
        """With what stands at the path `below`, and under it, at `to`."""
        return Tree(
            {key: _moved(path, below, to) for key, path in self.paths.items()},
            {_moved(path, below, to): model for path, model in self.models.items()},
        )


def _moved(path: str, below: str, to: str) -> str:
    return to + path[len(below) :] if path.startswith(below) else path


def effects_of_move(unit: Unit, parent: Unit) -> list[Effect]:
    """What changes where `unit`, with all below it, stands below `parent`."""
    root, to = unit.path[:STEP], parent.path + SOMEWHERE
    units = list(Unit.objects.filter(path__startswith=root).order_by("path"))
    before = Tree({one.pk: one.path for one in units}, models_of([root]))
    after = before.moved(unit.path, to)
    found: list[Effect] = []
    for people in alike(root):
        was, will = (_standing(people[0], unit.path, where) for where in ("", to))
        found += _may(people, units, unit, (was, before), (will, after))
        found += _giving(people, units, (was, before), (will, after))
    return found


def _standing(person: Person, path: str, to: str) -> Person:
    """`person` with their grants where they hold, or will hold, once what stands at `path` stands at `to`."""
    somebody = copy(person)
    if to:
        somebody._held_grants = [(role, _moved(held, path, to)) for role, held in person.held_grants()]
    return somebody


Side = tuple[Person, Tree]


def _may(people: list[Person], units: list[Unit], unit: Unit, before: Side, after: Side) -> Iterator[Effect]:
    """Reading is shared across the tree; whatever else one may changes in what moves alone."""
    inside = [one for one in units if one.path.startswith(unit.path)]
    changed: dict[tuple[bool, tuple[Unit, ...]], list[Permission]] = {}
    for permission in Permission:
        concerned = units if permission in SHARED else inside
        was, will = (_where(side, permission, concerned) for side in (before, after))
        for gains, these in ((True, will - was), (False, was - will)):
            if these:
                places = tuple(one for one in units if one.pk in these)
                changed.setdefault((gains, places), []).append(permission)
    for (gains, places), permissions in changed.items():
        yield Effect(gains, tuple(people), places, permissions=tuple(permissions))


def _where(side: Side, permission: Permission, units: list[Unit]) -> set[int]:
    person, tree = side
    person.models_around = dict(tree.models)
    there = areas(person, permission)
    return {one.pk for one in units if any(area.takes_in(tree.paths[one.pk]) for area in there)}


def _giving(people: list[Person], units: list[Unit], before: Side, after: Side) -> Iterator[Effect]:
    changed: dict[tuple[bool, tuple[str, ...]], list[Unit]] = {}
    for one in units:
        was, will = (
            given_at(tree.paths[one.pk], reach(person, Permission.PERSON_MANAGE), dict(tree.models))
            for person, tree in (before, after)
        )
        for gains, keys in ((True, will - was), (False, was - will)):
            if keys:
                changed.setdefault((gains, tuple(key for key in ROLES if key in keys)), []).append(one)
    for (gains, roles), places in changed.items():
        yield Effect(gains, tuple(people), tuple(places), roles=roles)


def model_after(unit: Unit, parent: Unit) -> GovernanceModel:
    """How `unit` will be governed below `parent`: by its own model, or as that is."""
    if unit.governance_model:
        return GovernanceModel(unit.governance_model)
    return nearest_model(parent.path, models_of([parent.path[:STEP]]))
