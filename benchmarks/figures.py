"""What a benchmark gives, and how it times."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One line of a table. `value` in `unit`; `limit` is what the same run measured as the least that it could be."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.limit if self.limit else None


@dataclass(frozen=True)
class Section:
    """`told` says in a sentence or two what was measured against what."""

    title: str
    told: str
    figures: Sequence[Figure] = field(default_factory=list)


def beside(work: Callable[[], object], limit: Callable[[], object], *, rounds: int = 9) -> tuple[float, float]:
    """Medians in milliseconds of both, taken in turn, so that a slower moment of the machine meets both."""
    for one in (work, limit):
        one()
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for one, into in zip((work, limit), took, strict=True):
            began = time.perf_counter()
            one()
            into.append((time.perf_counter() - began) * 1000)
    return statistics.median(took[0]), statistics.median(took[1])


def percentile(work: Callable[[], object], share: int, *, rounds: int = 20) -> float:
    """Milliseconds that `share` in a hundred calls stay below; the first call is not counted."""
    work()
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.quantiles(took, n=100)[share - 1]
