"""What another governance model would change for whom: worked out from grants, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from hashlib import sha256

from organisation.enums import GovernanceModel, Permission
from organisation.governance import SHARED
from organisation.models import Grant, Person, Unit
from organisation.queries.units import STEP, areas, given_at, models_of, reach
from organisation.roles import ROLES

Models = dict[str, GovernanceModel]


@dataclass(frozen=True)
class Effect:
    """The same for all of `people`: in `units` they gain, or lose, `permissions`, or the giving of `roles`."""

    gains: bool
    people: tuple[Person, ...]
    units: tuple[Unit, ...]
    permissions: tuple[Permission, ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def role_labels(self) -> list[str]:
        return [str(ROLES[key].label) for key in self.roles]

    @property
    def key(self) -> tuple[bool, list[int], list[int], tuple[str, ...]]:
        return (
            self.gains,
            [one.pk for one in self.people],
            [one.pk for one in self.units],
            self.permissions + self.roles,
        )


def effects_of(unit: Unit, model: str) -> list[Effect]:
    """What changes where `unit` is governed by `model` (none of its own: "")."""
    root = unit.path[:STEP]
    before = models_of([root])
    after = {path: one for path, one in before.items() if path != unit.path}
    if model:
        after[unit.path] = GovernanceModel(model)
    units = list(Unit.objects.filter(path__startswith=root).order_by("path"))
    found: list[Effect] = []
    for people in alike(root):
        found += _sight(people, units, before, after)
        found += _giving(people, units, before, after)
    return found


def token_of(effects: Iterable[Effect]) -> str:
    """Stands for exactly these effects: whoever agrees to them sends it back."""
    return sha256(repr(sorted(one.key for one in effects)).encode()).hexdigest()[:32]


def alike(root: str) -> list[list[Person]]:
    """Active people with a role in the organisation, those together whose roles are the same."""
    held = Grant.objects.in_force().filter(unit__path__startswith=root).values("person")
    people = list(Person.objects.filter(is_active=True, pk__in=held).order_by("name", "pk"))
    Person.read_grants(people)
    groups: dict[tuple[tuple[str, str], ...], list[Person]] = {}
    for person in people:
        groups.setdefault(tuple(sorted(person.held_grants())), []).append(person)
    return list(groups.values())


def _sight(people: list[Person], units: list[Unit], before: Models, after: Models) -> Iterator[Effect]:
    changed: dict[tuple[bool, tuple[Unit, ...]], list[Permission]] = {}
    for permission in Permission:
        if permission not in SHARED:
            continue
        was, will = (_seen(people[0], permission, units, models) for models in (before, after))
        for gains, these in ((True, will - was), (False, was - will)):
            if these:
                places = tuple(unit for unit in units if unit.pk in these)
                changed.setdefault((gains, places), []).append(permission)
    for (gains, places), permissions in changed.items():
        yield Effect(gains, tuple(people), places, permissions=tuple(permissions))


def _seen(person: Person, permission: Permission, units: list[Unit], models: Models) -> set[int]:
    somebody = copy(person)
    somebody.models_around = models
    there = areas(somebody, permission)
    return {unit.pk for unit in units if any(area.takes_in(unit.path) for area in there)}


def _giving(people: list[Person], units: list[Unit], before: Models, after: Models) -> Iterator[Effect]:
    administered = reach(people[0], Permission.PERSON_MANAGE)
    changed: dict[tuple[bool, tuple[str, ...]], list[Unit]] = {}
    for unit in units if administered else ():
        was, will = (given_at(unit.path, administered, models) for models in (before, after))
        for gains, keys in ((True, will - was), (False, was - will)):
            if keys:
                roles = tuple(key for key in ROLES if key in keys)
                changed.setdefault((gains, roles), []).append(unit)
    for (gains, roles), places in changed.items():
        yield Effect(gains, tuple(people), tuple(places), roles=roles)
