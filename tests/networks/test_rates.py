"""The headers that are read of every answer: nothing in them makes a failure of a call that was done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from networks.egress import Answer
from networks.egress.rates import USAGE, read_instant, read_rate, retry_at

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
NO_MOMENTS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "Fri, 31 Dec 9999 23:59:59 -1400", "9" * 400)
NO_FIGURES = ("[" * 60_000, '{"call_count":%s}' % ("9" * 400), '{"call_count":1e999}', '{"call_count":NaN}')


def told(name: str, words: str) -> Answer:
    return Answer("https://a.example/", 200, ((name, words),), b"")


@pytest.mark.parametrize("words", NO_MOMENTS)
def test_a_moment_that_no_calendar_holds_is_none(words: str) -> None:
    assert read_instant(words) is None
    assert retry_at(told("retry-after", words), NOW) == NOW + timedelta(minutes=1)
    rate = read_rate(told("x-ratelimit-reset", words))
    assert rate is not None
    assert rate.reset_at is None


@pytest.mark.parametrize("name", USAGE)
@pytest.mark.parametrize("words", NO_FIGURES)
def test_a_share_that_no_number_holds_says_nothing(name: str, words: str) -> None:
    assert read_rate(told(name, words)) is None


def test_a_wait_that_no_number_holds_is_left_out_beside_a_share_that_counts() -> None:
    words = '{"call_count":28,"estimated_time_to_regain_access":%s}' % ("9" * 400)
    rate = read_rate(told("x-app-usage", words))
    assert rate is not None
    assert (rate.limit, rate.remaining, rate.reset_at) == (100, 72, None)
