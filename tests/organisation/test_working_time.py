"""The Belgian federal working calendar, by the dates that its rules name."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from organisation.working_time import CALENDARS

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
    assert FEDERAL.due(at(arrived), BRUSSELS) == at(due)


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
    assert FEDERAL.due(arrived, BRUSSELS) == at("2026-04-15 10:15")
