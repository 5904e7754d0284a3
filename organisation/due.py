"""Rows that are due: one worker at a time has one, under a lease, and whoever lost the claim writes nothing.

The row is the queue (docs/adr/0003). A claim raises its `epoch` and sets `lease_until`, by the database's clock, in the
transaction that found it. What came of it is written only where epoch and lease still stand as claimed. A worker that
dies costs a lease; one that is told to end gives its claims back (`end`).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from organisation.clock import database_now

if TYPE_CHECKING:
    from organisation.models import Claimable

log = logging.getLogger(__name__)


Row = TypeVar("Row", bound="Claimable")
# Nobody has the claim on it, or whoever had it did not come back in time.
UNCLAIMED = Q(lease_until__isnull=True) | Q(lease_until__lte=Now())


class Lost(Exception):
    """The claim is somebody else's now: stop, and write nothing."""


@dataclass(frozen=True)
class Backoff:
    """Pauses between tries: each twice the one before, up to the longest."""

    first: timedelta
    longest: timedelta

    def pause(self, failures: int) -> timedelta:
        """After so many failures in a row, the first being 0."""
        return min(self.first * 2 ** min(failures, 20), self.longest)

    def next_try(self, failures: int, *, now: datetime, retry_at: datetime | None = None) -> datetime:
        """When to try again, where the database says that it is `now`. `retry_at`, the moment the other side named,
        is kept however far it is; never at once, for where its clock or ours is slow it may be over already."""
        return max(retry_at, now + self.first) if retry_at else now + self.pause(failures)


def unlocked_first(rows: QuerySet[Row]) -> Row | None:
    """The first of `rows` that nobody else has under lock, locked to the end of the transaction."""
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


@dataclass(frozen=True)
class Queue(Generic[Row]):
    """Rows that workers take one by one.

    `due`: those whose time has come, in their order, each with all that its work reads of it; whoever is at them.
    `lease`: longer than the work may take. `next_at`: the field that says when a row is due again; empty where the end
    of the lease says it. `tries`: the field that counts claims, for work of which a death of the worker is a failure.
    """

    due: Callable[[], QuerySet[Row]]
    lease: timedelta
    backoff: Backoff = Backoff(timedelta(minutes=1), timedelta(hours=6))
    next_at: str = ""
    tries: str = ""

    def claim(self, **facts: Any) -> Row | None:
        """The first that is due and that nobody is at, ours for `lease`; None where there is none. `facts` are written
        with the claim. It is as the claim left it: read later, it might be what somebody made of it meanwhile."""
        with transaction.atomic():
            row = unlocked_first(self.due().filter(UNCLAIMED))
            if row is None:
                return None
            facts |= {self.tries: F(self.tries) + 1} if self.tries else {}
            facts |= {"lease_until": Now() + self.lease, "epoch": F("epoch") + 1}
            _rows(row).filter(pk=row.pk).update(**facts)
            row.refresh_from_db(fields=list(facts))
        return row

    def turn(self, work: Callable[[Row], object], **facts: Any) -> bool:
        """Claims one and does `work` with it; False where none is due.

        `work` gives the claim back or puts the row off. Where it breaks off, the row rests until the lease is over, and
        the next one is not kept waiting.
        """
        row = self.claim(**facts)
        if row is None:
            return False
        with returnable(lambda: self.hand_back(row)):
            if is_ending():
                return False
            try:
                work(row)
            except Lost:
                log.warning("%s %s: another worker has taken over", row._meta.label, row.pk)
            except Exception:
                log.exception("%s %s failed unexpectedly", row._meta.label, row.pk)
        return True

    def hold(self, row: Row, *related: str) -> Row:
        """The row with what is `related`, locked until the transaction ends: what is written behind this is written
        under the claim with which `row` was claimed. Lost where that is over, or has lapsed."""
        standing = self._claimed(row).filter(lease_until__gt=Now())
        # (Asked for nothing, `select_related` would bring all there is: a plan of milliseconds.)
        held = standing.select_related(*(related or [None])).select_for_update(of=("self",)).first()
        if held is None:
            raise Lost
        return held

    def go_on(self, row: Row, **facts: Any) -> None:
        """Writes `facts` and takes the lease anew; only behind `hold`."""
        self._claimed(row).update(lease_until=Now() + self.lease, **facts)

    def release(self, row: Row, **facts: Any) -> bool:
        """Ends the claim, and writes `facts` with it; False, and nothing is written, where it is over already. A lapsed
        one that nobody has taken over is ended too: how it went is worth knowing."""
        return bool(self._claimed(row).update(lease_until=None, **facts))

    def put_off(self, row: Row, failures: int, /, *, retry_at: datetime | None = None, **facts: Any) -> bool:
        """Ends the claim; due again after the pause for so many failures in a row, or at `retry_at`."""
        again = self.backoff.next_try(failures, now=database_now(), retry_at=retry_at)
        return self.release(row, **{self.next_at: again}, **facts)

    def hand_back(self, row: Row) -> bool:
        """Ends the claim as if it had never been: whoever looks next takes the row. False where it is over already, or
        what came of it is being written just now."""
        facts = {self.tries: F(self.tries) - 1} if self.tries else {}
        with transaction.atomic():
            idle = self._claimed(row).select_for_update(skip_locked=True).exists()
            return idle and self.release(row, **facts)

    def _claimed(self, row: Row) -> QuerySet[Row]:
        """The row, as long as it is under the very claim that `row` was read with."""
        return _rows(row).filter(pk=row.pk, epoch=row.epoch, lease_until__isnull=False)


def _rows(row: Row) -> QuerySet[Row]:
    return type(row)._default_manager.all()


# ---- The worker that has claims -------------------------------------------------------------------------------------
class Claim:
    """A claim of this process, which goes back when the process ends, unless what cannot be taken back has begun."""

    def __init__(self, give_back: Callable[[], object]) -> None:
        self._give_back = give_back
        self._lock = threading.Lock()
        self._begun = self._gone = False

    def begin(self) -> bool:
        """From here on it is not given back. False where it has been: then nothing may begin."""
        with self._lock:
            self._begun = not self._gone
            return self._begun

    def give_back(self) -> bool:
        """False where the work has begun, or the claim has gone back before."""
        with self._lock:
            if self._begun or self._gone:
                return False
            self._gone = True
        self._give_back()
        return True


_claims: set[Claim] = set()
_ending = threading.Event()


def is_ending() -> bool:
    """This process was told to end: it begins nothing more."""
    return _ending.is_set()


@contextmanager
def returnable(give_back: Callable[[], object]) -> Iterator[Claim]:
    """Inside, a claim that `give_back` returns to the queue should this process be told to end."""
    claim = Claim(give_back)
    _claims.add(claim)
    try:
        if is_ending():
            claim.give_back()
        yield claim
    finally:
        _claims.discard(claim)


def work(*turns: Callable[[], bool], seconds: float) -> int:
    """Takes turns at each of `turns` until none finds anything due, `seconds` have passed or the process is told to
    end; how many found something."""
    ends, done = time.monotonic() + seconds, 0
    while time.monotonic() < ends and not is_ending():
        found = sum(1 for turn in turns if turn())
        if not found:
            break
        done += found
    return done


def end() -> None:
    """Nothing more is claimed by this process, and what it has claimed and not begun goes back, for others to take at
    once. What cannot be given back now, its lease gives back."""
    _ending.set()
    try:
        for claim in list(_claims):
            try:
                claim.give_back()
            except Exception:
                log.exception("a claim could not be given back; its lease will run out")
    finally:
        connection.close()
