"""How far a server's notifications, and the threads below our own statuses, have been read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from networks.errors import Invalid
from networks.paging import as_instant


@dataclass(frozen=True, slots=True)
class Mark:
    """`note` is the newest notification that was seen; `replies` how many answers each of our newest statuses had when
    its thread was read. A mark of an older release is a notification's id alone; for a look back it is an instant, and
    `at` is where that look ends. What comes late is for looks back: read over again at each reading, ten minutes of a
    flood would never be walked to their end."""

    note: str = ""
    at: str = ""
    replies: Mapping[str, int] = field(default_factory=dict)
    looks_back: bool = False

    @classmethod
    def read(cls, written: str) -> Mark:
        if as_instant(written):
            return cls(at=written, looks_back=True)
        if not written.startswith("{"):
            return cls(note=written)
        told = _opened(written, "since")
        counts = told.get("replies") or {}
        return cls(str(told.get("note") or ""), replies={str(k): int(v) for k, v in counts.items()})

    def __str__(self) -> str:
        if not self.note and not self.replies:
            return ""
        return json.dumps({"note": self.note, "replies": dict(self.replies)}, separators=(",", ":"))

    @property
    def floor(self) -> datetime | None:
        """Where a look back ends; none where one reads on."""
        return as_instant(self.at) if self.looks_back else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk stands: before which notification it goes on (None: they are read), and which threads are left."""

    before: str | None
    threads: tuple[str, ...] = ()

    @classmethod
    def read(cls, written: str) -> Place:
        told = _opened(written, "older")
        before = told.get("before")
        return cls(str(before) if before is not None else None, tuple(str(one) for one in told.get("threads") or ()))

    def __str__(self) -> str:
        """Empty where nothing is left."""
        if self.before is None and not self.threads:
            return ""
        return json.dumps({"before": self.before, "threads": list(self.threads)})


def _opened(written: str, name: str) -> dict[str, Any]:
    try:
        told = json.loads(written)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Invalid(name, "not a mark of ours")
    return told
