"""X under its old names and its new ones: the connector asks by what X answers, and reads either."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from networks.catalogue import NETWORKS
from networks.types import Draft, Metric, PostRef, Presence
from networks.x import client, reading
from networks.x.text import shown
from tests.networks.loopback import answer, serve
from tests.networks.squares.square import Square, all_of, attempt
from tests.networks.squares.x import square as made_square
from tests.networks.test_x_quirks import scripted
from tests.simulator.fixture import Control


@pytest.fixture(params=["", "x:posts", "x:posts_silently"])
def square(simulator: Control, request: pytest.FixtureRequest) -> Iterator[Square]:
    client.RENAMED.clear()
    simulator.manners(*filter(None, [request.param]))
    yield made_square(simulator)
    client.RENAMED.clear()


def test_messages_and_answers_are_read_by_either_name(square: Square) -> None:
    draft, key = Draft("Le guichet ouvre", "fr"), attempt()
    ours = square.service.publish(draft, key)
    assert square.service.reconcile(draft, key).ref == ours
    asked = square.say("@finances où ?", ours)
    [question] = all_of(square.service)[0]
    assert (question.ref.id, question.author.id, question.text) == (asked, square.citizen_id, "@finances où ?")
    assert question.parent
    assert question.parent.id == ours.id
    assert square.service.account.remote_id in question.told
    answer, key = square.answer("Ici.", question), attempt()
    sent = square.service.publish(answer, key)
    found = square.service.reconcile(answer, key)
    assert (found.presence, found.ref) == (Presence.PRESENT, sent)
    assert square.service.reconcile(answer, key).presence is Presence.PRESENT
    assert square.service.reconcile(square.answer("Là.", question), attempt()).presence is Presence.ABSENT
    metrics = {(one.subject, one.metric) for one in square.service.metrics([ours])}
    assert {(ours.id, Metric.SHARES), ("", Metric.POSTS)} <= metrics


def test_it_asks_by_the_new_names_once_it_knows_them(square: Square, simulator: Control) -> None:
    square.service.fetch(PostRef("1"))
    square.say("@finances un")
    all_of(square.service)
    before = len(simulator.journal("GET"))
    all_of(square.service)
    assert len(simulator.journal("GET")) == before + 2  # the mentions, and what we wrote ourselves


def test_a_belief_in_new_names_that_are_none_is_given_up(simulator: Control) -> None:
    """One odd answer may bring it about: from then on nothing would be read until the process ends."""
    own = made_square(simulator)
    asked = own.say("@finances un")
    client.RENAMED.add(own.service._api._host)
    assert [one.ref.id for one in all_of(own.service)[0]] == [asked]
    assert not client.RENAMED


def test_an_answer_without_what_was_asked_for_stands_where_new_names_are_refused() -> None:
    refusal = {
        "title": "Invalid Request",
        "detail": "The query parameter [post.fields] is not known",
    }
    told = answer({"data": [{"id": "9", "text": "Bonjour", "author_id": "3"}], "meta": {"result_count": 1}})
    with serve(lambda asked: answer(refusal, 400) if "post.fields" in asked.query else told) as server:
        page = scripted(server).inbox()
    assert (page.returned, [one.ref.id for one in page.items]) == (1, ["9"])
    assert not client.RENAMED


def test_a_long_text_and_its_versions_have_new_names_too() -> None:
    tweet = {"id": "2", "text": "Cour…", "note_post": {"text": "Court et long"}, "edit_history_post_ids": ["1", "2"]}
    assert shown(tweet) == "Court et long"
    assert reading.versions(tweet) == ["1", "2"]


@pytest.mark.parametrize(
    ("told", "target", "said"),
    [
        ({"referenced_tweets": [{"type": "replied_to", "id": "9"}]}, "9", True),
        ({"referenced_posts": [{"type": "replied_to", "id": "9"}]}, "9", True),
        ({"referenced_posts": [{"type": "replied_to", "id": "9"}]}, "", False),
        ({"referenced_posts": [{"type": "quoted", "id": "9"}]}, "", True),
        ({"referenced_posts": [{"id": "9"}]}, "9", None),
        ({}, "9", None),
        ({}, "", None),
        ({"conversation_id": "7"}, "", True),
        ({"conversation_id": "7"}, "9", False),
        ({"conversation_id": "5"}, "9", None),
        ({"conversation_id": "5"}, "", False),
        ({"in_reply_to_user_id": "3"}, "9", None),
    ],
)
def test_what_a_message_answers_is_said_or_not(told: dict, target: str, said: bool | None) -> None:
    assert reading.answers({"id": "7", **told}, target) is said


def test_one_cashtag_a_post(square: Square) -> None:
    def codes(text: str) -> list[str]:
        return [one.code for one in square.service.validate(Draft(text, "fr"))]

    assert codes("Cours de $FIN") == []
    assert codes("Le guichet coûte $5 ou 5$, $ABC $5 US$") == []
    assert codes("Cours de $FIN et de $BNB.A, $x") == ["too_many_cashtags"]


def test_prices_have_a_date_and_a_source() -> None:
    prices = NETWORKS["x"].capabilities.prices
    assert prices
    assert prices.at
    assert prices.at < datetime.now(UTC).date()
    assert prices.source.startswith("https://docs.x.com/")
