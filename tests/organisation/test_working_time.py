"""The Belgian federal working calendar, by the dates that its rules name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from organisation.working_time import CALENDARS, Closed, WorkingCalendar

BRUSSELS = ZoneInfo("Europe/Brussels")
FEDERAL = CALENDARS["be-federal"]


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    ("arrived", "due"),
    [
        ("2026-04-03 16:00", "2026-04-07 16:00"),  # over Easter
        ("2026-12-24 09:00", "2027-01-04 09:00"),  # over the days between the years
        ("2026-04-14 10:15", "2026-04-15 10:15"),
        ("2026-04-14 08:00", "2026-04-15 09:00"),  # before opening: the clock starts at nine
        ("2026-04-14 17:00", "2026-04-16 09:00"),  # at closing time the day is over
        ("2026-04-18 12:00", "2026-04-21 09:00"),  # on a Saturday
        ("2026-07-20 15:00", "2026-07-22 15:00"),  # over the national holiday
        ("2026-10-30 15:00", "2026-11-03 15:00"),  # 2 November is off
        ("2026-03-27 16:00", "2026-03-30 16:00"),  # over the change to summer time: the same wall time
        ("2026-10-23 16:00", "2026-10-26 16:00"),  # and back
    ],
)
def test_one_working_day(arrived: str, due: str) -> None:
    assert FEDERAL.due(at(arrived)) == at(due)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 2),
        date(2027, 11, 15),
        date(2026, 12, 26),
        date(2026, 12, 28),
        date(2026, 12, 31),
        date(2026, 5, 14),
    ],
)
def test_days_off(day: date) -> None:
    assert not FEDERAL.is_working_day(day)


def test_an_instant_from_another_zone_is_taken_as_what_it_is_in_brussels() -> None:
    arrived = datetime.fromisoformat("2026-04-14T08:15:00+00:00")
    assert FEDERAL.due(arrived) == at("2026-04-15 10:15")


BRIDGE = Closed(date(2026, 5, 15), date(2026, 5, 15), names={"fr": "Jour de pont", "nl": "Brugdag"})
AFTERNOON = Closed(date(2026, 4, 15), date(2026, 4, 16), time(12), time(17), {"fr": "Déménagement"})
LOCAL = replace(FEDERAL, closures=(BRIDGE, AFTERNOON))
HALF_FRIDAY = replace(FEDERAL, hours=(*((time(8, 30), time(16)),) * 4, (time(8, 30), time(12)), None, None))


@pytest.mark.parametrize(
    ("calendar", "arrived", "due"),
    [
        (LOCAL, "2026-05-13 11:00", "2026-05-18 11:00"),  # Ascension Day, then a bridge day
        (FEDERAL, "2026-05-13 11:00", "2026-05-15 11:00"),  # where there is no bridge day
        (LOCAL, "2026-04-14 15:00", "2026-04-16 09:00"),  # the afternoon is closed
        (LOCAL, "2026-04-14 11:00", "2026-04-15 11:00"),  # but open in the morning
        (LOCAL, "2026-04-15 13:00", "2026-04-17 09:00"),  # the clock starts on the next morning
        (HALF_FRIDAY, "2026-04-16 15:00", "2026-04-20 08:30"),  # Friday is over at noon
    ],
)
def test_one_working_day_with_closures(calendar: WorkingCalendar, arrived: str, due: str) -> None:
    assert calendar.due(at(arrived)) == at(due)


@pytest.mark.parametrize(
    ("calendar", "arrived", "hours", "ends"),
    [
        (FEDERAL, "2026-04-14 10:00", 2, "2026-04-14 12:00"),
        (FEDERAL, "2026-04-14 16:00", 2, "2026-04-15 10:00"),  # an hour today, one tomorrow
        (FEDERAL, "2026-04-03 16:30", 4, "2026-04-07 12:30"),  # over Easter
        (FEDERAL, "2026-12-24 16:00", 2, "2027-01-04 10:00"),  # over the days between the years
        (FEDERAL, "2026-03-27 16:00", 4, "2026-03-30 12:00"),  # over the change to summer time
        (LOCAL, "2026-05-13 16:00", 2, "2026-05-18 10:00"),  # over the bridge day
        (LOCAL, "2026-04-15 11:00", 2, "2026-04-16 10:00"),  # closed from noon on
        (HALF_FRIDAY, "2026-04-17 11:00", 2, "2026-04-20 09:30"),
        (FEDERAL, "2026-04-14 15:00", 2, "2026-04-14 17:00"),  # until closing time is in time
    ],
)
def test_hours_run_while_somebody_is_there(calendar: WorkingCalendar, arrived: str, hours: float, ends: str) -> None:
    assert calendar.after(at(arrived), hours) == at(ends)


def test_hours_add_up_over_a_change_of_summer_time() -> None:
    """A place that is open all night works an hour less in the night of the change."""
    always = replace(FEDERAL, hours=((time(0), time(23, 59)),) * 7)
    assert always.after(at("2026-03-29 01:00"), 4) == at("2026-03-29 06:00")


def test_what_lies_between_is_told() -> None:
    assert LOCAL.closed_between(at("2026-05-13 11:00"), at("2026-05-18 11:00")) == [BRIDGE]
    assert LOCAL.closed_between(at("2026-05-18 11:00"), at("2026-05-19 11:00")) == []
