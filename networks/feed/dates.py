"""When an entry was said, as feeds write it: with the name of a zone too, which the library takes for UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NAMED = re.compile(r"^(.{8,60}?)\s{0,3}\(?([A-Z]{3,5}|[A-Z][A-Za-z]{2,20}/[A-Za-z_/-]{2,40})\)?$")
# Hours before UTC. What is left out is left out on purpose: it means different hours in different countries.
ZONES = {
    **dict.fromkeys(("CET", "MEZ", "MET", "WEST", "BST"), 1),
    **dict.fromkeys(("CEST", "MESZ", "MEST", "HAEC", "EET", "OEZ"), 2),
    **dict.fromkeys(("EEST", "OESZ", "MSK", "TRT"), 3),
    **dict.fromkeys(("UTC", "GMT", "WET"), 0),
}


def named_instant(told: str) -> datetime | None:
    """The instant (UTC) that `told` means by the name of its zone; None where it names none that we know."""
    found = NAMED.match(told.strip()[:120])
    zone = _zone(found[2]) if found else None
    wall = _wall(found[1]) if found and zone else None
    if wall is None or zone is None:
        return None
    try:
        return wall.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> tzinfo | None:
    if name in ZONES:
        return timezone(timedelta(hours=ZONES[name]))
    if "/" not in name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _wall(told: str) -> datetime | None:
    """What a clock showed; None where that has a zone already, or cannot be read."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            wall = read(told.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return wall if wall.tzinfo is None else None
    return None
