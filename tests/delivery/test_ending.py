"""A worker told to end hands back what it has not begun to write; what it is writing stays its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from delivery.actions import Line, send_next, send_what_is_due
from delivery.content import freeze
from delivery.enums import DeliveryState, Outcome
from delivery.models import Delivery
from networks.errors import Withheld
from networks.types import AttemptKey, Draft, PostRef
from organisation import due
from organisation.queries import story
from tests.factories.delivery import DeliveryFactory, FakeNetwork, FakeOrigin

pytestmark = pytest.mark.usefixtures("thawed")


@pytest.fixture
def end(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """As if the process were told to end; the test's own transaction lives in the connection that would be closed."""
    monkeypatch.setattr(connection, "close", lambda: None)
    yield due.end
    due._ending.clear()


def stands(delivery: Delivery) -> tuple[str, list[str], list[str]]:
    delivery.refresh_from_db()
    verbs = [event.verb.removeprefix("delivery.") for event in story(delivery)][::-1]
    return delivery.state, verbs, list(delivery.attempts.order_by("epoch").values_list("outcome", flat=True))


def as_a_connector(draft: Draft, attempt: AttemptKey) -> None:
    """Asks before it writes, as every connector's egress does."""
    if not attempt.still_wanted():
        raise Withheld("stopped before it began")


def test_what_is_prepared_goes_back_and_is_sent_by_another(
    origin: FakeOrigin, network: FakeNetwork, end: Callable[[], None]
) -> None:
    delivery = DeliveryFactory.create()

    def told_while_it_carries_a_file_over(draft: Draft, attempt: AttemptKey) -> None:
        end()
        assert stands(delivery) == (DeliveryState.DUE, ["claim", "give_back"], [Outcome.HELD])
        as_a_connector(draft, attempt)

    network.answers = [told_while_it_carries_a_file_over]
    assert send_next(Line())
    assert stands(delivery) == (DeliveryState.DUE, ["claim", "give_back"], [Outcome.HELD])
    assert delivery.tries == 0
    due._ending.clear()
    network.answers = [as_a_connector]
    assert send_next(Line())
    assert stands(delivery)[0] == DeliveryState.PUBLISHED
    assert delivery.epoch == 2


def test_what_is_being_written_stays_claimed_and_is_told(
    origin: FakeOrigin, network: FakeNetwork, end: Callable[[], None]
) -> None:
    delivery = DeliveryFactory.create()

    def told_while_it_writes(draft: Draft, attempt: AttemptKey) -> PostRef:
        as_a_connector(draft, attempt)
        end()
        assert stands(delivery) == (DeliveryState.SENDING, ["claim"], [""])
        assert not send_next(Line()), "nobody else may take it"
        return network.appear()

    network.answers = [told_while_it_writes]
    assert send_next(Line())
    assert stands(delivery) == (DeliveryState.PUBLISHED, ["claim", "publish"], [Outcome.PUBLISHED])


def test_a_worker_that_ends_takes_nothing_more(
    origin: FakeOrigin, network: FakeNetwork, end: Callable[[], None]
) -> None:
    deliveries = [DeliveryFactory.create() for _each in range(3)]
    end()
    send_what_is_due(seconds=20)
    assert not send_next(Line())
    assert network.calls == []
    assert {stands(delivery)[0] for delivery in deliveries} == {DeliveryState.DUE}


def test_films_and_words_have_lines_of_their_own(origin: FakeOrigin, network: FakeNetwork) -> None:
    words = DeliveryFactory.create(text="Words")
    picture, _hash = freeze({"text": "Picture", "media": [{"path": "a.png", "mime": "image/png"}]})
    film, _hash = freeze({"text": "Film", "media": [{"path": "a.mp4", "mime": "video/mp4", "seconds": 20}]})
    pictured, filmed = DeliveryFactory.create(content=picture), DeliveryFactory.create(content=film)
    send_what_is_due(seconds=20, films=True)
    assert [stands(one)[1] for one in (words, pictured, filmed)] == [[], [], ["claim", "fail"]]
    send_what_is_due(seconds=20, films=False)
    assert [stands(one)[1] for one in (words, pictured)] == [["claim", "publish"], ["claim", "fail"]]
