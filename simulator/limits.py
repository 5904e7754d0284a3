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


# What a fresh Mastodon 4.6 allows. Writing posts has a longer window than the rest.
REAL = {
    "api": Rule(300, 300),
    "posts": Rule(300, 10_800),
    "media": Rule(30, 1_800),
    "deletes": Rule(30, 1_800),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the headers of one answer say."""

    limit: int
    remaining: int
    reset: datetime  # UTC
    exceeded: bool

    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": self.reset.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }


class Limits:
    """Counters in memory: a restart forgives, as a fresh window would."""

    def __init__(self, rules: dict[str, Rule] | None = None) -> None:
        self.rules = dict(rules or REAL)
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
                self.rules[family] = Rule(limit, REAL[family].seconds)
            self._used.clear()

    def forget(self) -> None:
        with self._lock:
            self._used.clear()
