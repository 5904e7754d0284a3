"""What somebody has in hand, told by the rooms above: a registry by inversion, so that organisation knows none of them.

A room calls `register` in its AppConfig.ready. Whoever leaves hands over each thing by name (`actions/leaving.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from organisation.enums import Permission
from organisation.models import Person, Unit

Text = str | Promise


@dataclass(frozen=True)
class Thing:
    """One thing in hand. `title` is what it is called to whoever may see it; `barred` cannot take it over."""

    key: int
    title: str
    unit: Unit
    url: str
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True)
class HandOver:
    """`to` takes over from `leaver`; `by` decided it. The right of both was looked at."""

    leaver: Person
    to: Person
    by: Person
    reason: str


@dataclass(frozen=True)
class WorkKind:
    """One kind of work that somebody has in hand, as data.

    `of` gives what a person has, each thing in a unit. Whoever takes one over holds `takes` there. By its title it is
    called to who holds `sees` there. `left`: what becomes of it where nobody takes it over. `hand_over` is given a
    thing's key, takes its row under lock, and writes one event; Refused where it cannot be.
    """

    key: str
    label: Text
    one: Text
    left: Text
    takes: Permission
    sees: Permission
    of: Callable[[Person], Iterable[Thing]]
    hand_over: Callable[[int, HandOver], None]


_KINDS: dict[str, WorkKind] = {}


def register(*kinds: WorkKind) -> None:
    """From now on they are looked for."""
    for kind in kinds:
        if not re.fullmatch("[a-z_]{1,40}", kind.key):
            raise ImproperlyConfigured(f"A kind of work is called by small letters, not {kind.key!r}")
        if _KINDS.setdefault(kind.key, kind) is not kind:
            raise ImproperlyConfigured(f"Two rooms tell {kind.key}")


def registered() -> list[WorkKind]:
    """In the order of their registration: from the ground floor up."""
    return list(_KINDS.values())
