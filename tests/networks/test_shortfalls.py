"""From a film whose captions fail to the word of whoever added them, over sockets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from delivery.actions import Line, look_for_next, send_next
from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.queries import waiting_for
from tests.factories.accounts_registry import connected_as
from tests.factories.delivery import FakeOrigin, instead, queued, thaw
from tests.factories.organisation import person_with
from tests.networks.squares.square import Square
from tests.networks.squares.youtube import square as youtube_square
from tests.simulator.fixture import Control

CAPTIONS, VIDEO = "POST /upload/youtube/v3/captions", "PUT /upload/youtube/v3/videos"
FRENCH = [{"part": "captions", "language": "fr"}]


@pytest.fixture
def square(simulator: Control, db: None, settings: Settings) -> Iterator[Square]:
    thaw()
    settings.EGRESS_ALLOW = frozenset({simulator.host})
    settings.MEDIA_ROOT = "/"  # the film is wherever the square made it
    settings.DELIVERY_THREADS = 1
    undo = instead(FakeOrigin())
    yield youtube_square(simulator)
    undo()


@pytest.fixture
def film(square: Square) -> Delivery:
    ref = square.service.account
    account = connected_as(ref)
    return queued(account, square.draft("Le guichet ouvre"))


def sent(delivery: Delivery) -> Delivery:
    Delivery.objects.update(not_before=None, due_at=timezone.now() - timedelta(seconds=1))
    assert send_next(Line())
    delivery.refresh_from_db()
    return delivery


@pytest.mark.longer
def test_captions_that_fail_wait_for_whoever_adds_them(
    square: Square, simulator: Control, film: Delivery, client: Client
) -> None:
    simulator.fault("status", CAPTIONS, status=503)
    sent(film)
    assert (film.state, film.lacks) == (DeliveryState.PUBLISHED, FRENCH)
    assert square.count("Le guichet ouvre") == 1
    sender = person_with("communication_cell", film.unit)
    [waiting] = waiting_for(sender)
    client.force_login(sender)
    page = client.get(waiting.url).content.decode()
    assert film.remote_url.replace("&", "&amp;") in page
    client.post(reverse("delivery:delivery_complete", args=[film.pk]))
    assert waiting_for(sender) == []


@pytest.mark.longer
def test_a_film_whose_answer_was_lost_is_found_without_its_captions(
    square: Square, simulator: Control, film: Delivery
) -> None:
    simulator.fault("lost_answer", VIDEO)
    assert sent(film).state == DeliveryState.UNKNOWN
    assert look_for_next()
    film.refresh_from_db()
    assert (film.state, film.lacks) == (DeliveryState.PUBLISHED, FRENCH)
    assert [call["path"] for call in simulator.journal("POST") if "captions" in call["path"]] == []
    assert square.count("Le guichet ouvre") == 1


def test_a_worker_that_died_after_the_captions_leaves_nothing_missing(
    square: Square, simulator: Control, film: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(**_facts: object) -> None:
        raise SystemExit  # not an Exception: nothing is written, as after a kill

    monkeypatch.setattr("delivery.actions.sending.settle_published", die)
    with pytest.raises(SystemExit):
        sent(film)
    Delivery.objects.update(state=DeliveryState.UNKNOWN, unknown_at=timezone.now())
    assert look_for_next()
    film.refresh_from_db()
    assert (film.state, film.lacks) == (DeliveryState.PUBLISHED, [])
