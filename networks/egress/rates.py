"""When a network wants to be left alone, in the several ways that networks say it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from networks.egress.exchange import Answer
from networks.egress.terms import Rate

# A network that names no time, or an absurd one, is asked again after a minute, or a day.
UNSAID = timedelta(minutes=1)
LONGEST = timedelta(days=1)
EPOCH_FROM = 1_000_000_000  # a smaller number is seconds to wait, a larger one seconds since 1970


def read_rate(answer: Answer) -> Rate | None:
    """The allowance in the answer's headers (`x-ratelimit-*`, `ratelimit-*`); None where it says nothing."""
    limit, remaining, reset = (
        answer.header(f"x-ratelimit-{name}") or answer.header(f"ratelimit-{name}")
        for name in ("limit", "remaining", "reset")
    )
    if not (limit or remaining or reset):
        return None
    return Rate(_number(limit), _number(remaining), read_instant(reset))


def retry_at(answer: Answer, now: datetime | None = None) -> datetime:
    """The instant (UTC) before which the network wants no more calls: Retry-After, else the limit's reset."""
    now = now or datetime.now(UTC)
    rate = read_rate(answer)
    said = read_instant(answer.header("retry-after"), now) or (rate and rate.reset_at)
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
    if not math.isfinite(number) or number < 0 or number > 1e11:
        return None
    if number >= EPOCH_FROM:
        return datetime.fromtimestamp(number, UTC)
    return (now or datetime.now(UTC)) + min(timedelta(seconds=number), LONGEST)


def _read_date(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError):
            continue
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
