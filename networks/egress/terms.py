"""The terms under which a connector's calls run, and the allowance that a network told us about."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from networks.egress.exchange import Answer
    from networks.errors import NetworkError


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

    @contextmanager
    def starting_within(self, seconds: float, *, before: float = math.inf) -> Iterator[None]:
        """Inside, no write begins after `seconds`, nor from the instant `before` (of `time.monotonic()`) on.

        Whoever sends holds a lease: neither a crawling upload nor a process stopped and woken may write after it.
        """
        self._latest_start = min(time.monotonic() + seconds, before)
        try:
            yield
        finally:
            self._latest_start = math.inf

    @property
    def too_late(self) -> bool:
        return time.monotonic() > self._latest_start
