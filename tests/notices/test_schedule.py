"""When a notice may be mailed: quiet hours, emergencies, the daily mail, and the nights on which the clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from notices.enums import Urgency, Way
from notices.models import NoticeChoices
from notices.schedule import mail_at

BRUSSELS = ZoneInfo("Europe/Brussels")
SOON, EMERGENCY, TO_KNOW = Urgency.SOON, Urgency.EMERGENCY, Urgency.TO_KNOW
NIGHT = {"quiet_from": time(20), "quiet_until": time(7)}


def at(written: str) -> datetime:
    """On the wall in Brussels; "+1" behind it: the second time that it shows."""
    wall, _plus, fold = written.partition("+")
    return datetime.fromisoformat(wall).replace(tzinfo=BRUSSELS, fold=int(fold or 0)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "way", "urgency", "told"),
    [
        ("2026-06-10 12:00", Way.AT_ONCE, SOON, "2026-06-10 12:00"),
        ("2026-06-10 19:59", Way.AT_ONCE, SOON, "2026-06-10 19:59"),
        ("2026-06-10 20:00", Way.AT_ONCE, SOON, "2026-06-11 07:00"),
        ("2026-06-11 03:00", Way.AT_ONCE, SOON, "2026-06-11 07:00"),
        ("2026-06-11 07:00", Way.AT_ONCE, SOON, "2026-06-11 07:00"),
        ("2026-06-11 03:00", Way.AT_ONCE, EMERGENCY, "2026-06-11 03:00"),
        ("2026-06-11 03:00", Way.OFF, EMERGENCY, None),
        ("2026-06-11 07:59", Way.DIGEST, TO_KNOW, "2026-06-11 08:00"),
        ("2026-06-11 08:00", Way.DIGEST, TO_KNOW, "2026-06-12 08:00"),
        ("2026-06-11 12:00", Way.OFF, SOON, None),
        # The clock goes forward in the night of 29 March, and back in that of 25 October.
        ("2026-03-28 23:00", Way.AT_ONCE, SOON, "2026-03-29 07:00"),
        ("2026-10-24 23:00", Way.AT_ONCE, SOON, "2026-10-25 07:00"),
        ("2026-03-28 12:00", Way.DIGEST, SOON, "2026-03-29 08:00"),
        ("2026-10-24 12:00", Way.DIGEST, SOON, "2026-10-25 08:00"),
    ],
)
def test_the_moment(now: str, way: Way, urgency: Urgency, told: str | None) -> None:
    found = mail_at(at(now), way=way, urgency=urgency, hours=NoticeChoices(**NIGHT), zone=BRUSSELS)
    assert found == (at(told) if told else None)


def test_an_hour_that_the_clock_skips_comes_an_hour_later() -> None:
    hours = NoticeChoices(digest_at=time(2, 30))
    found = mail_at(at("2026-03-28 12:00"), way=Way.DIGEST, urgency=SOON, hours=hours, zone=BRUSSELS)
    assert found == at("2026-03-29 03:30")


def test_an_hour_that_comes_twice_counts_once() -> None:
    hours = NoticeChoices(digest_at=time(2, 30))
    facts = {"way": Way.DIGEST, "urgency": SOON, "hours": hours, "zone": BRUSSELS}
    first = mail_at(at("2026-10-24 12:00"), **facts)
    assert first == at("2026-10-25 02:30")
    assert mail_at(first, **facts) == at("2026-10-26 02:30")
    assert mail_at(at("2026-10-25 02:10+1"), **facts) == at("2026-10-26 02:30")


@pytest.mark.parametrize(
    "hours", [{"quiet_from": None, "quiet_until": time(7)}, {"quiet_from": time(7), "quiet_until": time(7)}]
)
def test_hours_without_an_end_or_of_no_length_are_not_quiet(hours: dict[str, time | None]) -> None:
    now = at("2026-06-11 03:00")
    assert mail_at(now, way=Way.AT_ONCE, urgency=SOON, hours=NoticeChoices(**hours), zone=BRUSSELS) == now


def test_quiet_hours_within_a_day() -> None:
    hours = NoticeChoices(quiet_from=time(12), quiet_until=time(13))
    for now, told in (("2026-06-11 11:59", "2026-06-11 11:59"), ("2026-06-11 12:30", "2026-06-11 13:00")):
        found = mail_at(at(now), way=Way.AT_ONCE, urgency=SOON, hours=hours, zone=BRUSSELS)
        assert found == at(told), now
