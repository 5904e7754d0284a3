"""When a service is open, and the deadlines that follow. The Belgian federal calendar is the default.

Federal rules: ten legal holidays, 2 and 15 November, 26 December, and 27 to 31 December off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

Hours = tuple[time, time]
BRUSSELS = ZoneInfo("Europe/Brussels")


@cache
def _belgian_holidays(year: int) -> frozenset[date]:
    legal = holidays.country_holidays("BE", years=year)
    extra = {date(year, 11, 2), date(year, 11, 15), date(year, 12, 26), *(date(year, 12, day) for day in range(27, 32))}
    return frozenset(legal) | extra


@dataclass(frozen=True)
class Closed:
    """Days, both included, on which a service is closed: all day, or from `since` to `until` on each of them."""

    first: date
    last: date
    since: time | None = None
    until: time | None = None
    names: Mapping[str, str] | None = None

    @property
    def name(self) -> str:
        """In the reader's language where there is one."""
        names = self.names or {}
        return names.get((get_language() or "")[:2]) or next(iter(names.values()), "")

    @property
    def is_whole_day(self) -> bool:
        return self.since is None or self.until is None

    def takes_in(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class WorkingCalendar:
    """Office hours are local wall time in `zone`, one entry a weekday from Monday, None where nobody works; holidays
    and `closures` excepted."""

    key: str
    label: str | Promise
    hours: tuple[Hours | None, ...] = (*((time(9), time(17)),) * 5, None, None)
    closures: tuple[Closed, ...] = ()
    zone: ZoneInfo = BRUSSELS

    def is_working_day(self, day: date) -> bool:
        return bool(self.open_on(day))

    def is_holiday(self, day: date) -> bool:
        return day in _belgian_holidays(day.year)

    def closed_on(self, day: date) -> list[Closed]:
        """The service's own closures on `day`, whole or for hours."""
        return [one for one in self.closures if one.takes_in(day)]

    def closed_between(self, start: datetime, end: datetime) -> list[Closed]:
        """The service's own closures that touch the days from `start` to `end` (aware)."""
        first, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        return [one for one in self.closures if one.first <= last and one.last >= first]

    def open_on(self, day: date) -> list[Hours]:
        """When the service is open on `day`, in order."""
        usual = self.hours[day.weekday()]
        if usual is None or self.is_holiday(day):
            return []
        left = [usual]
        for one in self.closed_on(day):
            left = [] if one.is_whole_day else [part for hours in left for part in _without(hours, one)]
        return left

    def days_off(self, year: int) -> list[date]:
        """The weekdays of `year` on which nobody works by law or federal rule, in order."""
        return sorted(day for day in _belgian_holidays(year) if day.weekday() < 5 and day.year == year)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def clock_start(self, moment: datetime) -> datetime:
        """When the clock of something that arrived at `moment` (aware) starts: at once, or at the next opening."""
        start, _end = next(self._openings(moment))
        return start.astimezone(self.zone)

    def due(self, moment: datetime, *, working_days: int = 1) -> datetime:
        """The same local time `working_days` working days after the clock's start, or the next opening where the
        service is closed at that time; aware, in `zone`."""
        start = self.clock_start(moment)
        day = start.date()
        for _day in range(working_days):
            day = self.next_working_day(day)
        return self.clock_start(datetime.combine(day, start.time(), self.zone))

    def after(self, moment: datetime, hours: float) -> datetime:
        """The moment at which the service has been open for `hours` since the clock's start; aware, in `zone`."""
        left = timedelta(hours=hours)
        for start, end in self._openings(moment):
            if left <= end - start:
                return (start + left).astimezone(self.zone)
            left -= end - start
        raise AssertionError("openings never end")

    def _openings(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is open from `moment` on, in UTC: wall times of one zone do not add up over summer time."""
        now, day = moment.astimezone(UTC), moment.astimezone(self.zone).date()
        while True:
            for opens, closes in self.open_on(day):
                start = datetime.combine(day, opens, self.zone).astimezone(UTC)
                end = datetime.combine(day, closes, self.zone).astimezone(UTC)
                if end > now:
                    yield max(start, now), end
            day += timedelta(days=1)


def _without(hours: Hours, closed: Closed) -> list[Hours]:
    opens, closes = hours
    assert closed.since is not None
    assert closed.until is not None
    parts = [(opens, min(closes, closed.since)), (max(opens, closed.until), closes)]
    return [(start, end) for start, end in parts if start < end]


DEFAULT_CALENDAR = "be-federal"
CALENDARS: dict[str, WorkingCalendar] = {
    calendar.key: calendar for calendar in (WorkingCalendar(DEFAULT_CALENDAR, _("Federal working days, Belgium")),)
}


def calendar_choices() -> list[tuple[str, str | Promise]]:
    return [(calendar.key, calendar.label) for calendar in CALENDARS.values()]


def hours_of(told: Sequence[Sequence[str]]) -> tuple[Hours | None, ...]:
    """Office hours, seven of ["09:00", "17:00"] or [] as a unit keeps them, to reckon with."""
    return tuple((time.fromisoformat(day[0]), time.fromisoformat(day[1])) if day else None for day in told)


# ---- Who reckons by it ----------------------------------------------------------------------------------------------
Listener = Callable[[Any], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """`listener(unit)` is called in the transaction that changes when a unit, and all below it, is open."""
    _listeners.append(listener)


def tell_changed(unit: Any) -> None:
    for listener in _listeners:
        listener(unit)
