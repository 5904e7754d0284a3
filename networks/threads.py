"""What is said to an account, from two places: what its network tells it of, and the threads below its own messages.

Networks forget to tell. Mastodon tells of no answer that names nobody; Bluesky's AppView tells nobody of an answer that
it read before what is answered. Both count the answers of a message, and show them below it.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.errors import Invalid
from networks.paging import Walk, as_instant
from networks.types import Incoming, Page

THREADS_A_PAGE = 4  # each is a call of its own
# What was said longer ago is no longer kept where it was heard, and is not heard anew.
SAID_WITHIN = timedelta(days=30)
# A look that goes back so far reads below all our newest messages, whatever their age and however many answers were
# known: one taken back and one given between two readings are as many, and a count may be told before the answer.
SWEEP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """`note` is the newest thing that the network told of; `replies` how many answers each of our newest messages had
    when its thread was read, `said` when we wrote the newest of them. A mark of an older release is a note alone; for a
    look back it is an instant, and `at` is where that look ends. What comes late is for looks back: read over again at
    each reading, ten minutes of a flood would never be walked to their end."""

    note: str = ""
    at: str = ""
    said: str = ""
    replies: Mapping[str, int] = field(default_factory=dict)
    looks_back: bool = False

    @classmethod
    def read(cls, written: str) -> Mark:
        if "|" not in written and as_instant(written):
            return cls(at=written, looks_back=True)
        if not written.startswith("{"):
            return cls(note=written)
        told = _opened(written, "since")
        counts = told.get("replies") or {}
        replies = {str(k): int(v) for k, v in counts.items()}
        return cls(str(told.get("note") or ""), said=str(told.get("said") or ""), replies=replies)

    def __str__(self) -> str:
        if not self.note and not self.replies and not self.said:
            return ""
        told = {"note": self.note, "replies": dict(self.replies), "said": self.said}
        return json.dumps(told, separators=(",", ":"))

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


@dataclass(frozen=True, slots=True)
class Told:
    """A page of what the network told: what of it is for us, the mark of the newest, and where to go on (None:
    nowhere)."""

    items: tuple[Incoming, ...]
    newest: str
    before: str | None


@dataclass(frozen=True, slots=True)
class Own:
    """A message of ours, and how many answers the network counts right below it; `given` is the message itself where it
    answers another."""

    id: str
    answers: int
    created_at: datetime
    given: Incoming | None = None


class Inbox(ABC):
    """One account's."""

    @abstractmethod
    def told(self, before: str, mark: Mark) -> Told:
        """What the network told before the place `before` (empty: from the newest on), as far as `mark`."""

    @abstractmethod
    def own(self) -> Sequence[Own]:
        """Our newest messages; nothing where they cannot be listed."""

    @abstractmethod
    def below(self, message: str) -> Sequence[Incoming]:
        """What others said to us below a message of ours; nothing where it is gone."""

    def page(self, walk: Walk) -> Page:
        mark = Mark.read(walk.since)
        own = () if walk.cursor else self.own()
        if walk.cursor:
            place, newest = Place.read(walk.cursor), Mark.read(walk.newest)
        else:
            counts = _counts(own, mark)
            changed = tuple(one for one, count in counts.items() if count != mark.replies.get(one))
            said = max((one.created_at for one in own), default=None)
            place = Place("", changed)
            newest = replace(mark, replies=counts, said=said.isoformat() if said else mark.said, looks_back=False)
        items: dict[str, Incoming] = {}
        before = place.before
        if before is not None:
            told = self.told(before, mark)
            if not walk.cursor:
                newest = replace(newest, note=told.newest or mark.note)
            items |= {item.ref.id: item for item in told.items}
            before = told.before
        since = datetime.now(UTC) - SAID_WITHIN
        for thread in place.threads[:THREADS_A_PAGE]:
            items = {item.ref.id: item for item in self.below(thread) if item.created_at >= since} | items
        left = Place(before, place.threads[THREADS_A_PAGE:])
        if not str(left):  # last, so that whoever hears of an answer has heard of its question
            own = self.own() if walk.cursor else own
            items |= {one.ref.id: one for one in _given(own, mark) if one.created_at >= since}
        ordered = tuple(sorted(items.values(), key=lambda item: item.created_at, reverse=True))
        return walk.page(ordered, first=str(newest), cursor=str(left))


def _counts(own: Sequence[Own], mark: Mark) -> dict[str, int]:
    """How many answers each of our newest messages has; in a short look back, of those only that are as young."""
    floor = _reach(mark)
    return {one.id: one.answers for one in own if one.answers and one.created_at >= floor}


def _given(own: Sequence[Own], mark: Mark) -> list[Incoming]:
    """What we answered that may be new to who has read up to `mark`, or that lies within the look back that it is."""
    floor, known = _reach(mark), as_instant(mark.said)
    answers = [one.given for one in own if one.given and one.created_at >= floor]
    return [one for one in answers if known is None or one.created_at > known]


def _reach(mark: Mark) -> datetime:
    """From when on our own messages are looked at: a short look back knows the older ones."""
    floor = mark.floor
    if floor is None or datetime.now(UTC) - floor >= SWEEP:
        return datetime.min.replace(tzinfo=UTC)
    return floor


def _opened(written: str, name: str) -> dict[str, Any]:
    try:
        told = json.loads(written)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Invalid(name, "not a mark of ours")
    return told
