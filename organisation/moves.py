"""What stands against a unit's move: each room says so at start, and the ground floor knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from organisation.models import Unit

Against = Callable[[Unit, Unit], Iterable[Any]]  # the unit, and the one below which it would stand: sentences
_AGAINST: list[Against] = []


def objects(against: Against) -> Against:
    """Registers a room's reasons why a unit does not move."""
    _AGAINST.append(against)
    return against


def against_moving(unit: Unit, parent: Unit) -> list[Any]:
    """Every reason of every room; none where the way is free."""
    return [why for against in _AGAINST for why in against(unit, parent)]
