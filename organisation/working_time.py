"""Working days and response deadlines. The Belgian federal calendar is the default.

Federal rules: ten legal holidays, 2 and 15 November, 26 December, and 27 to 31 December off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@cache
def _belgian_holidays(year: int) -> frozenset[date]:
    legal = holidays.country_holidays("BE", years=year)
    extra = {date(year, 11, 2), date(year, 11, 15), date(year, 12, 26), *(date(year, 12, day) for day in range(27, 32))}
    return frozenset(legal) | extra


@dataclass(frozen=True)
class WorkingCalendar:
    """Opening hours are local wall time on Monday to Friday, holidays excepted."""

    key: str
    label: str | Promise
    opens: time = time(9)
    closes: time = time(17)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in _belgian_holidays(day.year)

    def days_off(self, year: int) -> list[date]:
        """The weekdays of `year` on which nobody works, in order."""
        return sorted(day for day in _belgian_holidays(year) if day.weekday() < 5 and day.year == year)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def clock_start(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """When the clock of something that arrived at `moment` (aware) starts: at once, or at the next opening."""
        local = moment.astimezone(zone)
        if self.is_working_day(local.date()) and local.time() < self.closes:
            return local if local.time() >= self.opens else datetime.combine(local.date(), self.opens, zone)
        return datetime.combine(self.next_working_day(local.date()), self.opens, zone)

    def due(self, moment: datetime, zone: ZoneInfo, *, working_days: int = 1) -> datetime:
        """The same local time `working_days` working days after the clock's start; aware, in `zone`."""
        start = self.clock_start(moment, zone)
        day = start.date()
        for _day in range(working_days):
            day = self.next_working_day(day)
        return datetime.combine(day, start.time(), zone)


DEFAULT_CALENDAR = "be-federal"
CALENDARS: dict[str, WorkingCalendar] = {
    calendar.key: calendar for calendar in (WorkingCalendar(DEFAULT_CALENDAR, _("Federal working days, Belgium")),)
}


def calendar_choices() -> list[tuple[str, str | Promise]]:
    return [(calendar.key, calendar.label) for calendar in CALENDARS.values()]
