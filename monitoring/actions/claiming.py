"""One worker at a time reads one thing (`organisation.due`), and what was wrong with it is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest, Least, Now

from monitoring.models import Stream
from monitoring.models.pulled import Pulled
from organisation import due

UNEXPECTED = "unexpected"
BACKOFF = due.Backoff(timedelta(seconds=15), timedelta(minutes=15))
# However much a network tells us, and however many people look, an account is read no more often than this.
SOONEST = timedelta(seconds=5)
Thing = TypeVar("Thing", bound=Pulled)


@dataclass(frozen=True)
class Readings(due.Queue[Thing]):
    """Things that are read again and again."""

    # Longer than the slowest page: a call for each of its lanes, the renewed token, the writing.
    lease: timedelta = timedelta(minutes=8)
    backoff: due.Backoff = BACKOFF
    next_at: str = "next_pull_at"

    def finish(self, thing: Thing, *, next_pull_at: Any) -> None:
        """All went well."""
        well: dict[str, Any] = {"failing_since": None, "failures": 0, "problem_code": ""}
        self.release(thing, next_pull_at=next_pull_at, last_pulled_at=Now(), **well)

    def later(self, thing: Thing, code: str, *, retry_at: datetime | None = None) -> None:
        """It has to wait, which is nobody's failure."""
        self.put_off(thing, thing.failures, retry_at=retry_at, problem_code=code)

    def fail(self, thing: Thing, code: str) -> None:
        """The pause grows with every failure in a row."""
        since = thing.failing_since or Now()
        facts: dict[str, Any] = {"failures": F("failures") + 1, "failing_since": since, "problem_code": code}
        self.put_off(thing, thing.failures, **facts)


def look_soon(streams: QuerySet[Stream]) -> None:
    """These are due, as soon as their accounts may be read again. Not by `next_pull_at` alone: a turn that is under way
    may have read its page before this was written."""
    soon = Least(F("next_pull_at"), Greatest(Now(), F("last_pulled_at") + SOONEST))
    streams.update(next_pull_at=soon, hinted_at=Now())
