"""A walk through a stream that a network serves newest first, as one opaque token for the caller."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from networks.errors import Invalid
from networks.types import Incoming, Page


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
        try:
            told = json.loads(base64.urlsafe_b64decode(older.encode()))
        except ValueError:
            told = None
        if not (isinstance(told, list) and len(told) == 3 and all(isinstance(part, str) for part in told)):
            raise Invalid("older", "not a page token")
        return cls(*told)

    def page(self, items: tuple[Incoming, ...], *, first: str, cursor: str) -> Page:
        """The page of `items`; `first` marks the newest thing seen on it, an empty `cursor` ends the walk."""
        newest = self.newest or first or self.since
        token = json.dumps([self.since, cursor, newest]).encode()
        return Page(items, older=base64.urlsafe_b64encode(token).decode() if cursor else "", newest=newest)
