"""Whether who approved something still may."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from approvals.enums import Place
from approvals.models import Decision, Step
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.roles import permissions_of


def place_of(step: Step | None, unit: Unit) -> str:
    """Path of the unit in which whoever takes `step` for a subject of `unit` holds their right."""
    if step is None or step.place == Place.OWN:
        return unit.path
    if step.place == Place.CENTRE:
        return unit.path[: Unit.steplen]
    assert step.unit is not None
    return step.unit.path


def may_take(person: Person, step: Step | None, unit: Unit, permission: Permission) -> bool:
    """True where the person's grants are what `step` asks for: `permission` in its place, by its role if it names one.

    That they wrote nothing of it, and are nobody's hand in it yet, is another question.
    """
    place, role = place_of(step, unit), step.role if step else ""
    return any(
        place.startswith(path) and permission in permissions_of([held]) and role in ("", held)
        for held, path in person.held_grants()
    )


def lost_hands(hands: Sequence[Decision], paths: Iterable[str], permission: Permission) -> list[Decision]:
    """Those that no longer count: their giver may not take that step any more.

    All of them, where over one of `paths` (of units) none of their givers has a say: who spoke for it is gone. The
    givers' grants are read anew where `hands` were.
    """
    left = [one for one in hands if not may_take(one.by, one.step, one.request.unit, permission)]
    if left:
        return left
    return [] if all(has_say(hands, path, permission) for path in paths) else list(hands)


def has_say(hands: Iterable[Decision], path: str, permission: Permission) -> bool:
    """True where a grant of one of their givers reaches the unit at `path`."""
    held = (grant for one in hands for grant in one.by.held_grants())
    return any(path.startswith(own) and permission in permissions_of([role]) for role, own in held)


def is_backed(hands: Sequence[Decision], paths: Iterable[str], permission: Permission) -> bool:
    """True while there are hands, and each still counts."""
    return bool(hands) and not lost_hands(hands, paths, permission)
