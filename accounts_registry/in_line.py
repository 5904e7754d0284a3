"""What waits to go out from an account: the room above that sends says so, and ends it when the account closes.

It calls `register` in its AppConfig.ready; the registry knows no message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Waiting:
    """One message that is to go out at `due_at`. `title` and `url` are empty where the reader does not see it."""

    key: int
    title: str
    url: str
    due_at: datetime


class Line(Protocol):
    def standing(self, account: int, reader: Any) -> Sequence[Waiting]:
        """What waits to go out from the account of this key, the next first; in words for `reader`."""
        ...

    def keys(self, account: int) -> Sequence[int]:
        """The keys alone of all that waits there."""
        ...

    def end(self, account: int) -> None:
        """None of it goes out, within the caller's transaction; each says why."""
        ...


_LINES: list[Line] = []


def register(line: Line) -> None:
    """From now on `line` says what waits, and nobody else does."""
    if _LINES:
        raise ImproperlyConfigured("Two rooms say what waits to go out")
    _LINES.append(line)


def standing(account: int, reader: Any) -> list[Waiting]:
    return [one for line in _LINES for one in line.standing(account, reader)]


def keys(account: int) -> list[int]:
    return [key for line in _LINES for key in line.keys(account)]


def end(account: int) -> None:
    for line in _LINES:
        line.end(account)


def mark_of(found: Iterable[int]) -> str:
    """Stands for exactly these messages: what a page showed, and whoever decided on it read."""
    return sha256(",".join(map(str, sorted(found))).encode()).hexdigest()[:16]
