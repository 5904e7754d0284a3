"""When a notice may be mailed, on the wall clock of the reader's unit."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from notices.enums import Urgency, Way


class Hours(Protocol):
    """What a person chose."""

    digest_at: time
    quiet_from: time | None
    quiet_until: time | None


def mail_at(now: datetime, *, way: Way, urgency: Urgency, hours: Hours, zone: ZoneInfo) -> datetime | None:
    """The moment (aware, UTC) from which a notice that is told `now` may be mailed; None where it is not."""
    if way == Way.OFF:
        return None
    if urgency == Urgency.EMERGENCY:
        return now
    if way == Way.DIGEST:
        return next_at(now, hours.digest_at, zone)
    return end_of_quiet(now, hours, zone) or now


def end_of_quiet(now: datetime, hours: Hours, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours end in which `now` is; None outside of them. They may go over midnight."""
    begin, end = hours.quiet_from, hours.quiet_until
    if begin is None or end is None or begin == end:
        return None
    wall = now.astimezone(zone).time()
    inside = begin <= wall < end if begin < end else (wall >= begin or wall < end)
    return next_at(now, end, zone) if inside else None


def next_at(now: datetime, wall: time, zone: ZoneInfo) -> datetime:
    """The next moment after `now` (aware, UTC) at which clocks in `zone` show `wall`, once a day: an hour that comes
    twice counts the first time, one that the clock skips an hour later."""
    today = now.astimezone(zone).date()
    days = (datetime.combine(today + timedelta(days=n), wall, tzinfo=zone).astimezone(UTC) for n in range(3))
    return next(moment for moment in days if moment > now)
