"""What waits for a person, in the one form in which every room tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.functional import Promise

Text = str | Promise
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: `act` is the verb on its button, `url` where it is done.

    `due_at` (aware) is when it is late; `weight` orders what has no date or the same: the higher, the sooner.
    """

    title: Text
    detail: Text
    url: str
    act: Text
    due_at: datetime | None = None
    weight: int = 0


def by_urgency(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Heaviest first, then what is due first; what has no date comes after what has one."""
    return sorted(waiting, key=lambda one: (-one.weight, one.due_at or NEVER, str(one.title)))
