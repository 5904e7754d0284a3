"""The terms under which a connector's calls run, and the allowance that a network told us about."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from networks.errors import NetworkError, Unavailable, Withheld

if TYPE_CHECKING:
    from networks.egress.exchange import Answer

DATE_GRAIN = timedelta(seconds=1)  # a Date header names the beginning of its second


def always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rate:
    """What the network last said about its limit: calls allowed, calls left, and when the count starts anew (UTC)."""

    limit: int | None
    remaining: int | None
    reset_at: datetime | None


@dataclass(slots=True)
class Terms:
    """How a client's calls are to be treated.

    `is_write(method, path)` says whether a call has a public effect, so that losing its answer leaves the outcome
    unknown. `judge(answer, write)` turns an answer into an error, or None where it is good. `exchanges` and `writes`
    count what was really put on the wire, for whoever has to explain a failure of the client library. `server_time` is
    the latest answer's own date (UTC), for whoever must not trust this machine's clock alone.
    """

    is_write: Callable[[str, str], bool]
    judge: Callable[[Answer, bool], NetworkError | None]
    secrets: tuple[str, ...] = field(default=(), repr=False)
    exchanges: int = 0
    writes: int = 0
    server_time: datetime | None = None
    _latest_start: float = math.inf
    _wanted: Callable[[], bool] = always

    @contextmanager
    def starting_within(
        self, seconds: float, *, before: float = math.inf, wanted: Callable[[], bool] = always
    ) -> Iterator[None]:
        """Inside, no write begins after `seconds`, from the instant `before` (of `time.monotonic()`) on, or unwanted.

        Whoever sends holds a lease: neither a crawling upload nor a process stopped and woken may write after it. And
        `wanted` is asked at the beginning of each write, for whoever decides may stop it while a film is carried over.
        """
        self._latest_start, self._wanted = min(time.monotonic() + seconds, before), wanted
        try:
            yield
        finally:
            self._latest_start, self._wanted = math.inf, always

    def require_start(self) -> None:
        """`Unavailable` or `Withheld` where a write may not begin now."""
        if time.monotonic() > self._latest_start:
            raise Unavailable("too late to begin")
        if not self._wanted():
            raise Withheld("stopped before it began")

    def clocks(self, ours: datetime) -> tuple[datetime, ...]:
        """The time by this machine's clock, `ours`, and the latest that the network's answer can have meant.

        No single wrong clock may declare a message absent: whoever asks for how long it has been asks both.
        """
        return (ours, self.server_time + DATE_GRAIN) if self.server_time else (ours,)
