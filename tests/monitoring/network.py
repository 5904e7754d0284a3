"""A network that holds any number of messages and goes on receiving while it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from networks.paging import as_instant
from networks.types import AccountRef, Incoming, Page, PostRef


@dataclass
class FakeNetwork:
    """Stands where a connector stands. Cursors are numbers of messages, like the time-ordered ids of real ones."""

    page: int = 10
    messages: list[Incoming] = field(default_factory=list)  # oldest first
    before_each: Callable[[], None] = lambda: None
    calls: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    account: AccountRef | None = None

    def acting_as(self, account: AccountRef) -> Self:
        self.account = account
        return self

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        self.before_each()
        self.calls.append(f"inbox since={since} older={older}")
        looked = as_instant(since)
        floor = int(since or -1) if looked is None else -1
        top = int(older) if older else len(self.messages)
        taken = list(range(top - 1, floor, -1))[: self.page]
        lowest = taken[-1] if taken else top
        more = str(lowest) if taken and lowest - 1 > floor else ""
        newest = str(len(self.messages) - 1) if self.messages else ""
        items = (self.messages[number] for number in taken)
        return Page(tuple(one for one in items if not looked or one.created_at >= looked), older=more, newest=newest)

    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        return self.inbox(since=since, older=older)

    def answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        return ()

    def fetch(self, ref: PostRef) -> Incoming | None:
        self.calls.append(f"fetch {ref.id}")
        return next((one for one in self.messages if one.ref.id == ref.id and ref.id not in self.gone), None)
