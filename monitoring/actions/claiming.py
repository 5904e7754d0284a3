"""One worker at a time reads one thing; whoever lost their claim writes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest, Now

from monitoring.models.pulled import Pulled

LEASE = timedelta(seconds=150)  # longer than a worker lets a task run
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
UNEXPECTED = "unexpected"


class Lost(Exception):
    """The claim is somebody else's now: stop, and write nothing."""


def claim(due: QuerySet[Any], **facts: Any) -> int | None:
    """The primary key of the first of `due` that nobody is at, ours for `LEASE`; None where there is none.

    `facts` are written with the claim.
    """
    with transaction.atomic():
        found = due.select_for_update(skip_locked=True, of=("self",)).first()
        if found is None:
            return None
        _rows(found).filter(pk=found.pk).update(lease_until=Now() + LEASE, epoch=F("epoch") + 1, **facts)
    return int(found.pk)


def hold_on(thing: Pulled) -> None:
    """Locks the row of `thing` until the transaction ends; Lost where the claim on it is over."""
    mine = _rows(thing).select_for_update().filter(pk=thing.pk, epoch=thing.epoch, lease_until__gt=Now())
    if not mine.exists():
        raise Lost


def go_on(thing: Pulled, **facts: Any) -> None:
    """Writes `facts` and takes the lease anew; only behind `hold_on`."""
    _rows(thing).filter(pk=thing.pk).update(lease_until=Now() + LEASE, **facts)


def release(thing: Pulled, **facts: Any) -> None:
    """Gives the claim back with `facts`; nothing where it is somebody else's by now."""
    _rows(thing).filter(pk=thing.pk, epoch=thing.epoch).update(lease_until=None, **facts)


def finish(thing: Pulled, *, next_pull_at: Any) -> None:
    """All went well."""
    well: dict[str, Any] = {"failing_since": None, "failures": 0, "problem_code": ""}
    release(thing, next_pull_at=next_pull_at, last_pulled_at=Now(), **well)


def put_off(thing: Pulled, code: str, *, until: datetime | None = None, failing: bool = False) -> None:
    """Later: at `until`, else after a pause that grows with every failure in a row. Never at once: where this machine's
    clock is slow, `until` may be over already."""
    pause = min(FIRST_PAUSE * 2 ** min(thing.failures, 10), LONGEST_PAUSE)
    later = Greatest(until, Now() + FIRST_PAUSE) if until else Now() + pause
    facts: dict[str, Any] = {"next_pull_at": later, "problem_code": code}
    if failing:
        facts |= {"failures": F("failures") + 1}
        if thing.failing_since is None:
            facts["failing_since"] = Now()
    release(thing, **facts)


def _rows(thing: Pulled) -> QuerySet[Any]:
    return type(thing)._default_manager.all()
