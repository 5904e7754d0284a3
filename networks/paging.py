"""Walks through what a network serves newest first, each as one opaque token for the caller.

A `Walk` follows one stream. A `MergedCursor` follows several at once (the comments below each of a page's posts, its
visitors' posts…) where the network has no single list of what concerns an account.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.errors import Invalid
from networks.types import Incoming, Page

# Lists lag and clocks differ: what is a little older than the newest thing known is read again.
OVERLAP = timedelta(minutes=10)
LANES_A_PAGE = 12
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\S+")


@dataclass(frozen=True, slots=True)
class Walk:
    """`since` is where the caller stopped last time, `cursor` where this walk stands, `newest` what it saw first.

    All three travel in the token, so that every page of one walk names the same `newest`, and a caller that keeps the
    last page's `newest` has skipped nothing.
    """

    since: str = ""
    cursor: str = ""
    newest: str = ""

    @classmethod
    def begin(cls, since: str, older: str) -> Walk:
        """Start after `since`, or go on where the page that gave `older` ended."""
        if not older:
            return cls(since=since)
        told = opened(older)
        if not (isinstance(told, list) and len(told) == 3 and all(isinstance(part, str) for part in told)):
            raise Invalid("older", "not a page token")
        return cls(*told)

    def page(self, items: tuple[Incoming, ...], *, first: str, cursor: str) -> Page:
        """The page of `items`; `first` marks the newest thing seen on it, an empty `cursor` ends the walk."""
        newest = self.newest or first or self.since
        return Page(items, older=closed([self.since, cursor, newest]) if cursor else "", newest=newest)


@dataclass(frozen=True, slots=True)
class Slice:
    """One call's worth of one lane, newest first. An empty `cursor` ends the lane; `opens` are lanes that it led to.
    `floor`: what of this one is older has been seen, where that is not what holds for the walk."""

    items: tuple[Incoming, ...]
    cursor: str = ""
    opens: Mapping[str, str] = field(default_factory=dict)
    floor: datetime | None = None


@dataclass(frozen=True, slots=True)
class MergedCursor:
    """Several lanes, each newest first in itself, read as one stream; `since` and `newest` are instants (ISO 8601).

    A lane ends where its network says so, or where its last item is older than `since` less the overlap. What is read
    twice the caller knows by its id; what appears late in a lane, within the overlap, is still seen.
    """

    since: str = ""
    newest: str = ""
    lanes: Mapping[str, str] = field(default_factory=dict)  # lane → cursor

    @classmethod
    def begin(cls, since: str, older: str, lanes: Mapping[str, str]) -> MergedCursor:
        """Start `lanes` from their tops after `since`, or go on where the page that gave `older` ended."""
        if not older:
            return cls(since, since, dict(lanes))
        told = opened(older)
        if not (isinstance(told, list) and len(told) == 3 and isinstance(told[2], dict)):
            raise Invalid("older", "not a page token")
        return cls(str(told[0]), str(told[1]), {str(lane): str(cursor) for lane, cursor in told[2].items()})

    def page(self, read: Callable[[str, str], Slice]) -> Page:
        """One page: a slice of each lane that is open, at most `LANES_A_PAGE` of them, in their order.

        `read(lane, cursor)` makes the call.
        """
        items: dict[str, Incoming] = {}
        waiting = dict(self.lanes)
        for lane in list(waiting)[:LANES_A_PAGE]:
            found = read(lane, waiting.pop(lane))
            floor = found.floor or self.floor
            items |= {item.ref.id: item for item in found.items if floor is None or item.created_at >= floor}
            ended = floor is not None and bool(found.items) and found.items[-1].created_at < floor
            if found.cursor and not ended:
                waiting[lane] = found.cursor  # behind the others, so that no long lane keeps them waiting
            waiting |= {name: cursor for name, cursor in found.opens.items() if name not in waiting}
        ordered = sorted(items.values(), key=lambda item: item.created_at, reverse=True)
        seen = ordered[0].created_at.astimezone(UTC).isoformat() if ordered else ""
        newest = max(self.newest, seen, key=_instant)
        return Page(tuple(ordered), older=closed([self.since, newest, waiting]) if waiting else "", newest=newest)

    @property
    def floor(self) -> datetime | None:
        """What is older than this has been seen."""
        return _instant(self.since) - OVERLAP if self.since else None


def as_instant(since: str) -> datetime | None:
    """The instant (aware) from which on a caller looks back; None where `since` is an earlier mark, or nothing."""
    if not INSTANT.fullmatch(since):
        return None
    found = _instant(since)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text) if text else datetime.min.replace(tzinfo=UTC)
    except ValueError:
        raise Invalid("since", "not an instant") from None


def closed(told: Any) -> str:
    """One token for the caller."""
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


def opened(token: str) -> Any:
    """What `closed` was given; None where it is no such token."""
    try:
        return json.loads(base64.urlsafe_b64decode(token.encode()))
    except ValueError:
        return None
