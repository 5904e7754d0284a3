"""Wall time to instant, over every change of the clocks in Brussels."""

# ruff: noqa: DTZ001 (wall times are naive: that is what this is about)

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisation import wall_clock
from organisation.lifecycle import Refused

ZONE = "Europe/Brussels"
BRUSSELS = ZoneInfo(ZONE)


def transitions(first: int = 1977, last: int = 2037) -> list[datetime]:
    """The instants (UTC, whole hours) at which Brussels changes its clocks."""
    found = []
    hour = datetime(first, 1, 1, tzinfo=UTC)
    while hour.year <= last:
        day = hour + timedelta(days=1)
        if hour.astimezone(BRUSSELS).utcoffset() != day.astimezone(BRUSSELS).utcoffset():
            found += [
                at
                for at in (hour + timedelta(hours=n) for n in range(1, 25))
                if at.astimezone(BRUSSELS).utcoffset() != (at - timedelta(hours=1)).astimezone(BRUSSELS).utcoffset()
            ]
        hour = day
    return found


TRANSITIONS = transitions()


def is_forward(at: datetime) -> bool:
    before = (at - timedelta(hours=1)).astimezone(BRUSSELS).utcoffset()
    after = at.astimezone(BRUSSELS).utcoffset()
    assert before is not None
    assert after is not None
    return after > before


def test_brussels_changes_its_clocks_twice_a_year() -> None:
    assert len([at for at in TRANSITIONS if at.year == 2026]) == 2
    assert len(TRANSITIONS) > 100


@given(at=st.sampled_from([at for at in TRANSITIONS if is_forward(at)]), minute=st.integers(0, 59))
def test_the_hour_that_does_not_exist_is_refused(at: datetime, minute: int) -> None:
    last = (at - timedelta(seconds=1)).astimezone(BRUSSELS).replace(tzinfo=None)
    wall = last + timedelta(seconds=1, minutes=minute)
    for fold in (None, 0, 1):
        with pytest.raises(Refused) as refused:
            wall_clock.instant(wall, ZONE, fold)
        assert refused.value.field == "wall_time"


@given(at=st.sampled_from([at for at in TRANSITIONS if not is_forward(at)]), minute=st.integers(0, 59))
def test_the_hour_that_comes_twice_asks_which(at: datetime, minute: int) -> None:
    wall = at.astimezone(BRUSSELS).replace(tzinfo=None) + timedelta(minutes=minute)
    with pytest.raises(Refused) as refused:
        wall_clock.instant(wall, ZONE)
    assert refused.value.field == "fold"
    first, second = wall_clock.instant(wall, ZONE, 0), wall_clock.instant(wall, ZONE, 1)
    assert second - first == timedelta(hours=1)
    assert second == at + timedelta(minutes=minute)


@given(moment=st.datetimes(datetime(1977, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)))
def test_every_instant_comes_back_from_its_own_wall_time(moment: datetime) -> None:
    local = moment.astimezone(BRUSSELS)
    assert wall_clock.instant(local.replace(tzinfo=None, fold=0), ZONE, local.fold) == moment


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "Europe", "/etc/localtime", "a\0b"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(Refused) as refused:
        wall_clock.instant(datetime(2026, 5, 3, 9), zone)
    assert refused.value.field == "zone"


def test_an_aware_time_is_refused() -> None:
    with pytest.raises(Refused):
        wall_clock.instant(datetime(2026, 5, 3, 9, tzinfo=UTC), ZONE)


def test_the_choice_is_kept_only_where_there_is_one() -> None:
    assert wall_clock.effective_fold(datetime(2026, 10, 25, 2, 30), ZONE, 1) == 1
    assert wall_clock.effective_fold(datetime(2026, 5, 3, 9), ZONE, 1) == 0
