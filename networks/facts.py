"""Figures that a network tells of what hangs at a message, where they make sense."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

LARGEST = 1_000_000_000


def whole(told: Any, *, least: int = 1) -> int | None:
    """A whole number from `least` on, as pixels and votes are; None for anything else."""
    return told if isinstance(told, int) and not isinstance(told, bool) and least <= told < LARGEST else None


def length(told: Any, *, of: int = 1) -> float | None:
    """Seconds of a film or a sound, told in `of` parts of a second; None for what is none."""
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    # Compared before it is divided: of a whole number there is no end, and of what is divided there is.
    return round(told / of, 1) if 0 < told < LARGEST * of else None


def inner(told: Any, name: str) -> Mapping[str, Any]:
    """The part called `name` where there is one; an empty one where it is none: it takes no message away."""
    found = told.get(name) if isinstance(told, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def end(told: Any) -> datetime | None:
    """An aware UTC instant; None for what is none."""
    try:
        found = told if isinstance(told, datetime) else datetime.fromisoformat(str(told))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
