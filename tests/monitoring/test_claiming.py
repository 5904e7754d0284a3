"""One worker at a time is at one thing; what they write touches it alone, and only while the claim is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now

from monitoring.actions.claiming import Readings
from monitoring.models import Source
from organisation.due import Lost
from tests.factories.monitoring import SourceFactory
from tests.locking import locks_taken

pytestmark = pytest.mark.django_db
READINGS: Readings[Source] = Readings(lambda: Source.objects.order_by("pk"))
PASSED_BY = {"lease_until": None, "newest": "", "failures": 0, "failing_since": None, "problem_code": ""}


@pytest.fixture
def pair() -> tuple[Source, Source]:
    """The first is claimed; the other has the same epoch and a lease of its own."""
    one, other = SourceFactory.create(), SourceFactory.create()
    with locks_taken() as locked:
        assert READINGS.claim() == one
    assert locked == ["monitoring_source skipping"]
    Source.objects.filter(pk=other.pk).update(epoch=1)
    one.refresh_from_db()
    return one, other


def stands(source: Source) -> dict[str, object]:
    return Source.objects.filter(pk=source.pk).values(*PASSED_BY).get()


def lapse(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(lease_until=Now() - timedelta(seconds=1))


def take_over(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(epoch=2, lease_until=Now() + timedelta(hours=1))


def test_nothing_due_is_nobodys_claim(db: None) -> None:
    assert Readings(Source.objects.none).claim() is None


def test_a_claim_and_what_is_written_behind_it_are_of_one_thing(pair: tuple[Source, Source]) -> None:
    one, other = pair
    assert (one.epoch, stands(other)) == (1, PASSED_BY)
    with transaction.atomic(), locks_taken() as locked:
        READINGS.hold(one)
        READINGS.go_on(one, newest="7")
    assert locked == ["monitoring_source"]
    assert (stands(one)["newest"], stands(other)) == ("7", PASSED_BY)
    READINGS.finish(one, next_pull_at=Now())
    assert (stands(one)["lease_until"], stands(other)) == (None, PASSED_BY)
    Source.objects.filter(pk=other.pk).update(lease_until=Now() + timedelta(hours=1))
    again = READINGS.claim()
    assert again == one
    READINGS.fail(again, "away")
    assert stands(other)["lease_until"] is not None
    assert (stands(one)["problem_code"], stands(other)["problem_code"]) == ("away", "")


@pytest.mark.parametrize("lose", [lapse, take_over])
def test_whoever_lost_it_holds_on_no_longer(pair: tuple[Source, Source], lose: object) -> None:
    one, other = pair
    Source.objects.filter(pk=other.pk).update(lease_until=Now() + timedelta(hours=1))
    lose(one)
    with transaction.atomic(), pytest.raises(Lost):
        READINGS.hold(one)


def test_whoever_lost_it_gives_back_nothing(pair: tuple[Source, Source]) -> None:
    one, _other = pair
    take_over(one)
    READINGS.fail(one, "away")
    assert stands(one)["lease_until"] is not None
    assert (stands(one)["problem_code"], stands(one)["failures"]) == ("", 0)


def test_since_when_it_fails_is_kept_and_a_pause_alone_is_no_failure(pair: tuple[Source, Source]) -> None:
    one, _other = pair
    READINGS.later(one, "rate_limited")
    assert (stands(one)["failures"], stands(one)["failing_since"]) == (0, None)
    again = READINGS.claim()
    assert again == one
    READINGS.fail(again, "away")
    one.refresh_from_db()
    since = one.failing_since
    assert since is not None
    Source.objects.filter(pk=one.pk).update(failing_since=since - timedelta(hours=1))
    again = READINGS.claim()
    assert again == one
    READINGS.fail(again, "away")
    assert stands(one)["failures"] == 2
    assert stands(one)["failing_since"] == since - timedelta(hours=1)
