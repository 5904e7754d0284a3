"""Rate limits as the real network counts them: per caller, in windows that start on the clock."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `limit` calls in each window of `seconds`."""

    limit: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the headers of one answer say."""

    limit: int
    remaining: int
    reset: datetime  # UTC
    exceeded: bool


class Limits:
    """Counters in memory: a restart forgives, as a fresh window would. `real` are the rules that networks have."""

    def __init__(self, real: dict[str, Rule]) -> None:
        self.real = dict(real)
        self.rules = dict(real)
        self._lock = threading.Lock()
        self._used: dict[tuple[str, str], tuple[int, int]] = {}

    def count(self, family: str, caller: str) -> Reading:
        """Count one call of `caller`; `exceeded` when it is one too many."""
        rule = self.rules[family]
        window = int(time.time()) // rule.seconds
        with self._lock:
            seen, used = self._used.get((family, caller), (window, 0))
            used = used + 1 if seen == window else 1
            self._used[family, caller] = (window, used)
        reset = datetime.fromtimestamp((window + 1) * rule.seconds, UTC)
        return Reading(rule.limit, max(0, rule.limit - used), reset, used > rule.limit)

    def change(self, limits: dict[str, int]) -> None:
        """New numbers for some families, windows unchanged; counting starts over."""
        with self._lock:
            for family, limit in limits.items():
                self.rules[family] = Rule(limit, self.real[family].seconds)
            self._used.clear()

    def forget(self) -> None:
        with self._lock:
            self._used.clear()
