"""So many an hour, for each one who draws on it, whichever process asks."""

from __future__ import annotations

import pytest

from accounts_registry.actions.looking_up import PAID_LOOKUPS
from accounts_registry.actions.spending import PAID_LOOKS
from monitoring.actions.hearing import ANSWERS, PAID_HINTS
from organisation import limits
from organisation.cache import shared
from organisation.ration import Ration

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [7200.0]
    monkeypatch.setattr("organisation.ration.time.time", lambda: now[0])
    return now


def test_what_costs_money_or_work_is_rationed_so() -> None:
    rations = [(one.name, one.an_hour) for one in (ANSWERS, PAID_HINTS, PAID_LOOKS, PAID_LOOKUPS)]
    assert rations == [("webhook-answers", 600), ("paid-hints", 60), ("paid-looks", 60), ("paid-lookups", 30)]


def test_who_guesses_has_so_many_tries() -> None:
    told = (limits.ON_DEVICE, limits.FROM_PLACE, limits.FROM_ADDRESS, limits.OF_PERSON, limits.CODES_OF_PERSON)
    assert [(one.amount, one.seconds) for one in told] == [(10, 900), (5, 300), (60, 300), (100, 3600), (20, 3600)]
    assert [one.amount for one in (limits.LINKS, limits.MAILS_FROM_PLACE, limits.MAILS_OF_PERSON)] == [30, 3, 3]


def test_each_has_its_own_and_a_new_one_with_each_full_hour(clock: list[float]) -> None:
    ration, other = Ration("one", an_hour=2), Ration("other", an_hour=2)
    assert [ration.take(1) for _each in range(4)] == [True, True, False, False]
    assert ration.take(2)
    assert other.take(1)
    clock[0] += 3599
    assert not ration.take(1)
    clock[0] += 1
    assert [ration.take(1) for _each in range(3)] == [True, True, False]


def test_where_nothing_is_given_nothing_is_taken(clock: list[float]) -> None:
    assert [Ration("none", an_hour=0).take(1) for _each in range(3)] == [False, False, False]


def test_a_cache_that_is_emptied_gives_the_hour_again(clock: list[float]) -> None:
    ration = Ration("one", an_hour=2)
    assert [ration.take(1) for _each in range(3)] == [True, True, False]
    shared().clear()
    assert [ration.take(1) for _each in range(3)] == [True, True, False]
