"""From the clock on the wall to the one instant it means. Forms, API and imports all come through `instant`.

Once a year an hour of wall time does not exist, and once a year an hour happens twice. The first is refused; for the
second a person says which of the two is meant.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_lazy as _

from organisation.lifecycle import Refused

FIRST, SECOND = 0, 1
# Beyond these a clock's year need not be a year everywhere; nobody plans anything there.
EARLIEST, LATEST = 1900, 9000


def instants(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants (aware, UTC, in order) at which clocks in `zone` show the naive `wall`: none, one or two."""
    if not EARLIEST <= wall.year <= LATEST:
        return ()
    found = []
    for fold in (FIRST, SECOND):
        instant = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None, fold=0) == wall.replace(fold=0) and instant not in found:
            found.append(instant)
    return tuple(sorted(found))


def instant(wall: datetime, zone: str, fold: int | None = None) -> datetime:
    """The one instant (aware, UTC) meant by naive `wall` in IANA `zone`; `fold` is 0 (first) or 1 (second) or unsaid.

    Raises Refused at `zone`, `wall_time` or `fold` where there is no such zone, no such time, or a choice is missing.
    """
    if wall.tzinfo is not None:
        raise Refused(_("Write the time as the clock on the wall shows it, without a zone."), field="wall_time")
    found = instants(wall, known_zone(zone))
    if not found:
        raise Refused(
            _("This time does not exist: that night the clock goes forward over it. Choose an hour later or earlier."),
            field="wall_time",
        )
    if len(found) == 1:
        return found[0]
    if fold not in (FIRST, SECOND):
        raise Refused(
            _("This time comes twice: that night the clock goes back. Say whether you mean the first or the second."),
            field="fold",
        )
    return found[fold]


def known_zone(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(_("There is no such time zone; write it like Europe/Brussels."), field="zone") from None


def effective_fold(wall: datetime, zone: str, fold: int | None) -> int:
    """What to store: the choice where the time comes twice, else 0."""
    return fold or FIRST if len(instants(wall, known_zone(zone))) > 1 else FIRST
