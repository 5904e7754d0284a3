"""How long a claim lasts, and until when a write may begin under it."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from delivery.actions.settling import TRIES
from delivery.content import freeze
from delivery.enums import DeliveryState
from delivery.queries import key_of, lease_of
from delivery.tasks import LONGEST_RUN, SENDING_LIMIT
from networks.calls import LONGEST_PREPARATION, PROCESSING, PUBLISH_WITHIN
from networks.egress import Egress
from networks.egress.exchange import UPLOAD_RATE
from organisation.clock import database_now
from tests.delivery.test_sending import sent
from tests.factories.delivery import DeliveryFactory, FakeNetwork, FakeOrigin, claim_next

pytestmark = pytest.mark.usefixtures("thawed")


def test_the_write_may_begin_within_the_lease_only(
    origin: FakeOrigin, network: FakeNetwork, settings: Settings
) -> None:
    """A worker stopped between its last look and its call, and woken after its lease, must not write."""
    before = time.monotonic()
    delivery = sent(DeliveryFactory.create())
    assert delivery.state == DeliveryState.PUBLISHED
    ((_draft, key),) = network.calls
    assert before < key.begin_before <= time.monotonic() + settings.DELIVERY_LEASE.total_seconds()


def test_no_call_outlives_its_lease_or_the_workers_time_limit(settings: Settings) -> None:
    """The longest run, then the slowest call: preparing, writing, waiting for the answer, and keeping the result.

    A lost film is flagged within ten minutes all the same.
    """
    call = PUBLISH_WITHIN + Egress().limits.seconds
    keeping = sum(0.1 * 2**waited for waited in range(TRIES))
    lease = settings.DELIVERY_LEASE.total_seconds()
    assert call + keeping < lease
    assert LONGEST_RUN + call + keeping + LONGEST_PREPARATION < SENDING_LIMIT
    assert lease + LONGEST_PREPARATION < 600


def test_a_film_has_the_time_that_carrying_it_over_takes(
    origin: FakeOrigin, network: FakeNetwork, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(100_000_000)
    content, _hash = freeze({"text": "Film", "media": [{"path": "film.mp4", "mime": "video/mp4", "seconds": 20}]})
    delivery = DeliveryFactory.create(content=content)
    taken = claim_next(passing_over=set())
    assert taken
    assert taken.lease_until
    longer = timedelta(seconds=PROCESSING + 100_000_000 / UPLOAD_RATE)
    assert taken.lease_until - database_now() > settings.DELIVERY_LEASE + longer - timedelta(seconds=10)
    assert lease_of(delivery) == settings.DELIVERY_LEASE + longer


def test_what_was_lost_is_looked_for_from_when_it_can_have_been_written_last(
    origin: FakeOrigin, network: FakeNetwork, settings: Settings, tmp_path: Path
) -> None:
    """Long after its send began it may have been written a moment ago: it is not absent for not being listed."""
    settings.MEDIA_ROOT = tmp_path
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(100_000_000)
    content, _hash = freeze({"text": "Film", "media": [{"path": "film.mp4", "mime": "video/mp4", "seconds": 20}]})
    DeliveryFactory.create(content=content)
    words = DeliveryFactory.create()
    claimed = {taken.pk: taken for taken in (claim_next(passing_over=set()), claim_next(passing_over=set())) if taken}
    told = claimed.pop(words.pk)
    (film_sent,) = claimed.values()
    begun = film_sent.attempts.get().started_at
    carried_over = timedelta(seconds=PROCESSING + 100_000_000 / UPLOAD_RATE)
    assert key_of(film_sent).sent_at == begun + settings.DELIVERY_LEASE + carried_over
    film_sent.attempts.update(finished_at=begun + timedelta(seconds=40), outcome="unknown")
    assert key_of(film_sent).sent_at == begun + timedelta(seconds=40), "it was over by then"
    begun = told.attempts.get().started_at
    assert key_of(told).sent_at == begun + settings.DELIVERY_LEASE
    told.attempts.update(finished_at=begun + timedelta(seconds=90), outcome="unknown")
    assert key_of(told).sent_at == begun + timedelta(seconds=90), "its pictures were a minute on their way"
