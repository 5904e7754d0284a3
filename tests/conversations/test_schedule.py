"""Deadlines: DOMAIN's own dates, and one row a category."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from conversations.enums import Category
from conversations.schedule import TARGETS, response_deadline
from organisation.models import Unit

BRUSSELS = ZoneInfo("Europe/Brussels")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


@pytest.fixture
def unit() -> Unit:
    return Unit(slug="fin", time_zone="Europe/Brussels", working_calendar="be-federal")


@pytest.mark.parametrize(
    ("category", "asked", "due"),
    [
        ("", "2026-04-03 16:00", "2026-04-07 16:00"),  # Easter Monday lies between
        ("question", "2026-12-24 09:00", "2027-01-04 09:00"),  # so does the year's end
        ("question", "2026-11-22 11:00", "2026-11-24 09:00"),  # Sunday: the clock starts on Monday at nine
        ("complaint", "2026-11-19 20:00", "2026-11-23 09:00"),  # after hours: Friday's opening, then one working day
        ("praise", "2026-11-19 10:00", "2026-11-23 10:00"),
        ("press", "2026-11-19 10:00", "2026-11-19 12:00"),
        ("press", "2026-11-19 16:00", "2026-11-20 10:00"),  # two hours in which somebody is there
        ("impersonation", "2026-11-20 15:30", "2026-11-23 11:30"),  # over the weekend
        ("misinformation", "2026-11-21 10:00", "2026-11-23 13:00"),
        ("threat", "2026-11-21 23:00", "2026-11-21 23:30"),  # day and night
        ("emergency", "2026-11-21 23:00", "2026-11-21 23:00"),
    ],
)
def test_deadlines(unit: Unit, category: str, asked: str, due: str) -> None:
    assert response_deadline(category=category, asked_at=local(asked), calendar=unit.calendar) == local(due)


def test_spam_is_owed_nothing(unit: Unit) -> None:
    assert response_deadline(category="spam", asked_at=local("2026-11-19 10:00"), calendar=unit.calendar) is None


def test_every_category_has_a_target_and_a_route() -> None:
    assert set(TARGETS) == set(Category)
    assert all(str(category.route) for category in Category)
