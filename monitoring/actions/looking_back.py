"""Reading again what was read lately: networks tell of some messages late, behind newer ones that we have by then.

A look back is one more gap of the stream, walked when nothing newer waits. What is known comes again and is recognised
by its id, so that a look finds what came late and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts_registry.queries import month_so_far
from monitoring.models import Stream
from networks.catalogue import network
from networks.paging import OVERLAP
from organisation.clock import database_now

# Where reading is free: each few minutes the last few, and once a day the last two days. No oftener than at every
# fourth reading: the network's limits are for what is new.
OFTEN = timedelta(minutes=5)
READINGS = 4
DAILY = timedelta(days=1)
DAYS_BACK = timedelta(days=2)
# Where each message read costs: each hour the last one, and once a day the last one. Nothing is paid for more than
# three times, and nothing at all twice once half of the month's money for reading is spent: the new comes first.
OFTEN_AT_A_PRICE = timedelta(hours=1)
DAY_BACK_AT_A_PRICE = timedelta(days=1, hours=1)

LOOK = "look"  # in a gap: it is a look back, of this kind


def look_back(stream: Stream) -> list[Mapping[str, str]]:
    """The gap for the look that is due since `stream` was last read; none where one is under way, or may not be paid.

    A look begins where the time turns into the next day or the next few minutes, so that nothing has to be remembered
    of the last one.
    """
    before, now = stream.last_pulled_at, database_now()
    if before is None or any(LOOK in gap for gap in stream.gaps):
        return []
    can = network(stream.account.network).capabilities
    priced = can.prices is not None
    if priced and not _is_spared(stream, now):
        return []
    if _turned(before, now, DAILY):
        return [_gap("days", min(before, now) - (DAY_BACK_AT_A_PRICE if priced else DAYS_BACK))]
    often = max(OFTEN_AT_A_PRICE if priced else OFTEN, READINGS * stream.cadence)
    if not can.reads_back and _turned(before, now, often):
        return [_gap("minutes", min(before, now - often) - OVERLAP)]
    return []


def _gap(kind: str, since: datetime) -> Mapping[str, str]:
    return {"since": since.isoformat(), "older": "", LOOK: kind}


def _turned(before: datetime, now: datetime, every: timedelta) -> bool:
    return before.timestamp() // every.total_seconds() != now.timestamp() // every.total_seconds()


def _is_spared(stream: Stream, now: datetime) -> bool:
    so_far = month_so_far(stream.account, now)
    return so_far is not None and so_far.is_spare
