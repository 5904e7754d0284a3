"""When a network wants to be left alone, in the several ways that networks say it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from networks.egress.exchange import Answer
from networks.egress.terms import Rate

# A network that names no time, or an absurd one, is asked again after a minute, or a day.
UNSAID = timedelta(minutes=1)
LONGEST = timedelta(days=1)
# Where a network tells in JSON how many per cent of each allowance are spent, and in how many minutes all is well.
USAGE = ("x-app-usage", "x-page-usage", "x-business-use-case-usage")
REGAIN = "estimated_time_to_regain_access"
SPENT = ("call_count", "total_time", "total_cputime")
FAMILIES = ("x-ratelimit", "ratelimit", "x-rate-limit")
MOST = 10**11  # no number of a header that means anything is larger
EPOCH_FROM = 1_000_000_000  # a smaller number is seconds to wait, a larger one seconds since 1970


def read_rate(answer: Answer) -> Rate | None:
    """The allowance in the answer's headers; None where it says nothing.

    Either calls (`x-ratelimit-*`, `ratelimit-*`, `x-rate-limit-*`), or per cent where it tells what is used up.
    """
    limit, remaining, reset = (
        next(filter(None, (answer.header(f"{family}-{name}") for family in FAMILIES)), "")
        for name in ("limit", "remaining", "reset")
    )
    if not (limit or remaining or reset):
        return _read_usage(answer)
    return Rate(_number(limit), _number(remaining), read_instant(reset))


def retry_at(answer: Answer, now: datetime | None = None) -> datetime:
    """The instant (UTC) before which the network wants no more calls: Retry-After, else the limit's reset."""
    now = now or datetime.now(UTC)
    rate = read_rate(answer)
    reset = rate.reset_at if rate else None
    return sensible(read_instant(answer.header("retry-after"), now) or reset, now)


def sensible(said: datetime | None, now: datetime) -> datetime:
    """The instant that a network named, or another where it named none, or an absurd one."""
    if not said or said <= now:
        return now + UNSAID
    return min(said, now + LONGEST)


def read_instant(text: str, now: datetime | None = None) -> datetime | None:
    """Seconds to wait, seconds since 1970, an HTTP date or an ISO 8601 instant, as an aware UTC instant."""
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        return _read_date(text)
    if not math.isfinite(number) or number < 0 or number > MOST:
        return None
    if number >= EPOCH_FROM:
        return datetime.fromtimestamp(number, UTC)
    return (now or datetime.now(UTC)) + min(timedelta(seconds=number), LONGEST)


def _read_date(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):  # at either end of time UTC has no such year
            continue
    return None


def _read_usage(answer: Answer) -> Rate | None:
    """What is left of the allowance that is spent furthest, in per cent."""
    told = [entry for name in USAGE for entry in _entries(answer.header(name))]
    spent, waits = _figures(told, *SPENT), [wait for wait in _figures(told, REGAIN) if wait > 0]
    if not spent and not waits:
        return None
    back = read_instant(str(max(waits) * 60)) if waits else None
    return Rate(100, max(0, 100 - math.ceil(max(spent, default=100 if waits else 0))), back)


def _entries(text: str) -> Iterator[dict[str, object]]:
    """Every JSON object in a header, however deep: one for the app, or one for each business and kind of use."""
    try:
        waiting = [json.loads(text)] if text else []
    except (ValueError, RecursionError):
        return
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            waiting += [inner for inner in found.values() if isinstance(inner, dict | list)]
            yield found
        elif isinstance(found, list):
            waiting += found


def _figures(entries: list[dict[str, object]], *names: str) -> list[float]:
    told = (entry.get(name) for entry in entries for name in names)
    return [one for one in told if isinstance(one, int | float) and not isinstance(one, bool) and abs(one) < MOST]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
