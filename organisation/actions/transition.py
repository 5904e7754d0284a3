"""The one door through which every state changes: lock, require, guard, write, audit."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from organisation import audit, locks, policy
from organisation.audit import step
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Lifecycle, Refused, Transition
from organisation.models import Person

M = TypeVar("M", bound=models.Model)


@step
def perform(
    lifecycle: Lifecycle,
    name: str,
    thing: M,
    *,
    by: Person | None,
    changes: dict[str, Any] | None = None,
    details: dict[str, Any] | None = None,
) -> M:
    """Walks the edge `name` for `thing` and returns it as locked and written; `thing` itself is brought up to date too.

    A row that the act took under lock (`organisation.locks`) is walked as it was loaded; any other is locked and read.
    `changes` are further fields written with the state, `details` go into the audit event.
    Raises Conflict when the state has moved, PermissionDenied, or Refused with the guard's reasons.
    """
    transition = lifecycle[name]
    locked: Any = thing if locks.holds(thing) else locks.take(type(thing)._default_manager, thing.pk)
    _require(transition, lifecycle.permission_for(name, locked), locked, by)
    if locked.state not in transition.sources:
        raise Conflict(locked, name)
    if reasons := _reasons(lifecycle, transition, locked, by):
        raise Refused(*reasons)
    before, locked.state = locked.state, transition.target
    for field, value in (changes or {}).items():
        setattr(locked, field, value)
    locked.save(update_fields=["state", *(changes or {})])
    facts = {"from": before, "to": transition.target, **(details or {})}
    audit.record(verb=f"{lifecycle.noun}.{name}", thing=locked, by=by, **facts)
    for field in ("state", *(changes or {})):
        setattr(thing, field, getattr(locked, field))
    return locked


def offered(lifecycle: Lifecycle, thing: Any, person: Person) -> list[Transition]:
    """The edges that `person` may walk from where `thing` stands: what a page shows as buttons."""
    return [
        transition
        for transition in lifecycle.leaving(thing.state)
        if (permission := lifecycle.permission_for(transition.name, thing)) is not None
        and policy.allows(person, permission, thing)
        and not _reasons(lifecycle, transition, thing, person)
    ]


def _require(transition: Transition, permission: Permission | None, thing: Any, by: Person | None) -> None:
    if by is not None and permission is not None:
        policy.require(by, permission, thing)
    elif (by is None) != (permission is None):
        raise PermissionError(f"{transition.name} is {'a person' if by is None else 'the system'}'s edge")


def _reasons(lifecycle: Lifecycle, transition: Transition, thing: Any, by: Person | None) -> list[Any]:
    return list(lifecycle.guards[transition.guard](thing, by)) if transition.guard else []
