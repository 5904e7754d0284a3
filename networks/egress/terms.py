"""The terms under which a connector's calls run, and the allowance that a network told us about."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import MAXYEAR, datetime, timedelta
from typing import TYPE_CHECKING

from networks.errors import NetworkError, Unavailable, Withheld

if TYPE_CHECKING:
    from networks.egress.exchange import Answer

logger = logging.getLogger(__name__)

TOO_LATE = "too late to begin"
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
    _writes_before: int = 0

    @contextmanager
    def starting_within(
        self, seconds: float, *, before: float = math.inf, wanted: Callable[[], bool] = always
    ) -> Iterator[None]:
        """Inside, no write begins after `seconds`, from the instant `before` (of `time.monotonic()`) on, or unwanted;
        nor does anything that prepares the first one.

        Whoever sends holds a lease: neither a crawling upload nor a process stopped and woken may write after it, and
        nobody waits longer for a network to process what could not be shown any more. And `wanted` is asked at the
        beginning of each write, for whoever decides may stop it while a film is carried over.
        """
        self._latest_start, self._wanted = min(time.monotonic() + seconds, before), wanted
        self._writes_before = self.writes
        try:
            yield
        finally:
            self._latest_start, self._wanted = math.inf, always

    def require_start(self, *, write: bool) -> None:
        """`Unavailable` or `Withheld` where a call may not begin now."""
        self._require_time(write=write)
        if write and not self._is_wanted():
            raise Withheld("stopped before it began")
        self._require_time(write=write)  # asking takes time too, and a process may be stopped in it

    def _require_time(self, *, write: bool) -> None:
        prepares = self.writes == self._writes_before
        if (write or prepares) and time.monotonic() > self._latest_start:
            raise Unavailable(TOO_LATE)

    @property
    def latest_start(self) -> float:
        """The instant of `time.monotonic()` from which on no write leaves."""
        return self._latest_start

    def _is_wanted(self) -> bool:
        """Where that cannot be known nothing is sent, and it is tried again."""
        try:
            return self._wanted()
        except Exception as error:
            logger.warning("nobody can say whether a write is still wanted: %s", type(error).__name__)
            raise Unavailable("nobody can say whether it is still wanted") from None

    def clocks(self, ours: datetime, kept: datetime | None) -> tuple[datetime, ...]:
        """The time by this machine's clock, `ours`, by the one that wrote down when the message was sent, `kept`, and
        the latest that the network's answer can have meant.

        No single wrong clock may declare a message absent: whoever asks for how long it has been asks all of them.
        """
        told = self.server_time
        theirs = told + DATE_GRAIN if told and told.year < MAXYEAR else None  # that year is no clock's
        return tuple(clock for clock in (ours, kept, theirs) if clock is not None)
