"""Who sees what citizens write to a page or an account, where Graph says so; and what is asked of a comment alone."""

from __future__ import annotations

from typing import Any

import pytest

from networks.audience import answer_audience
from networks.catalogue import NETWORKS
from networks.errors import Invalid, TooWide
from networks.facebook.reading import read_audience
from networks.types import Audience, Draft, Kind, Metric, PostRef
from tests.networks.loopback import answer, serve
from tests.networks.squares import facebook, instagram
from tests.networks.squares.square import all_of, attempt
from tests.networks.subjects.facebook import SUBJECT, refused
from tests.simulator.fixture import Control

DRAFT = Draft("Le guichet ouvre", "fr")


@pytest.mark.parametrize(
    ("visibility", "on_facebook", "on_instagram"),
    [
        ("public", Audience.PUBLIC, Audience.PUBLIC),
        ("private", Audience.FOLLOWERS, Audience.DIRECT),
        ("direct", Audience.DIRECT, Audience.DIRECT),
    ],
)
def test_a_comment_that_is_hidden_or_private_is_known_as_such_and_not_answered_wider(
    simulator: Control, visibility: str, on_facebook: Audience, on_instagram: Audience
) -> None:
    page, account = facebook.connector(simulator, "finances"), instagram.connector(simulator, "finances")
    ours = page.publish(DRAFT, attempt())
    simulator.speak("anna", "mon dossier ?", reply_to=ours.id.rpartition("_")[2], visibility=visibility)
    published = simulator.speak("finances", "Le guichet", network="instagram")
    simulator.speak("anna", "mon dossier ?", reply_to=published["id"], visibility=visibility)
    for service, told in ((page, on_facebook), (account, on_instagram)):
        (item,) = all_of(service)[0]
        assert (item.kind, item.audience) == (Kind.REPLY, told)
        again = service.fetch(item.ref)
        assert again
        assert again.audience is told
        offered = NETWORKS[service.account.network].capabilities.audiences
        assert answer_audience(item.audience, offered) is (Audience.PUBLIC if visibility == "public" else None)


@pytest.mark.parametrize("visibility", ["public", "private", "direct"])
@pytest.mark.parametrize("square", [facebook, instagram])
def test_who_sees_the_question_is_asked_again_before_the_answer_is_written(
    simulator: Control, square: Any, visibility: str
) -> None:
    """Whatever was known when the answer was decided on."""
    service = square.connector(simulator, "finances")
    network = service.account.network
    ours = simulator.speak("finances", "Le guichet", network=network)
    simulator.speak("anna", "mon dossier ?", reply_to=ours["id"], visibility=visibility)
    (item,) = all_of(service)[0]
    answered = Draft("Voici", "fr", reply_to=item.ref, reply_root=item.root, audience=Audience.PUBLIC)
    if visibility == "public":
        assert service.publish(answered, attempt()).id
    else:
        with pytest.raises(TooWide):
            service.publish(answered, attempt())
    assert len(simulator.posts("Voici")) == (visibility == "public")


def test_what_a_token_may_not_read_does_not_keep_an_answer_back() -> None:
    """Where one consent reads and another writes, the network says nothing to who writes."""
    forbidden = refused("(#10) This needs the permission to read", 10)

    def page(asked: Any) -> Any:
        return answer({"id": "7_2"}) if asked.method == "POST" else answer(forbidden, 403)

    with serve(page) as server:
        told = SUBJECT.connector(server).publish(Draft("Voici", "fr", reply_to=PostRef("7_1")), attempt())
    assert told.id == "7_2"


@pytest.mark.parametrize(
    ("told", "audience"),
    [
        ({}, None),
        ({"is_hidden": False}, None),
        ({"is_hidden": False, "is_private": False}, Audience.PUBLIC),
        ({"is_hidden": True, "is_private": True}, Audience.DIRECT),
        ({"is_hidden": True, "privacy": {"value": "EVERYONE"}}, Audience.FOLLOWERS),
        ({"is_hidden": False, "privacy": {"value": "EVERYONE"}}, Audience.PUBLIC),
        ({"privacy": {"value": "ALL_FRIENDS"}}, Audience.FOLLOWERS),
        ({"privacy": {"value": "SELF"}}, Audience.DIRECT),
        ({"privacy": {"value": "SOMETHING_NEW"}}, None),
        ({"privacy": {}}, None),
    ],
)
def test_what_facebook_does_not_say_is_not_known(told: dict[str, Any], audience: Audience | None) -> None:
    assert read_audience(told) is audience


def test_a_visitors_post_for_friends_is_known_as_such(simulator: Control) -> None:
    page = facebook.connector(simulator, "finances")
    simulator.speak("carl", "@finances bonjour", network="facebook", visibility="private")
    simulator.speak("dora", "@finances bonjour", network="facebook")
    assert {item.author.name: item.audience for item in all_of(page)[0]} == {
        "carl": Audience.FOLLOWERS,
        "dora": Audience.PUBLIC,
    }


# ---- What a comment has, and what it has not ------------------------------------------------------------------------
def test_figures_of_a_comment_are_those_that_a_comment_has(simulator: Control) -> None:
    page = facebook.connector(simulator, "finances")
    ours = page.publish(DRAFT, attempt())
    first = simulator.speak("anna", "où ?", reply_to=ours.id.rpartition("_")[2])
    simulator.speak("bert", "moi aussi", reply_to=first["id"])
    comment = next(item.ref for item in all_of(page)[0] if "où" in item.text)
    for ref in (comment, PostRef(comment.id)):  # as its address says, or as the network does
        told = page.metrics([ref, ours, PostRef("9_9")])
        found = {(one.subject, one.metric): (one.value, one.source) for one in told}
        assert found[comment.id, Metric.REPLIES] == (1, "facebook:comment.comment_count")
        assert found[comment.id, Metric.LIKES] == (0, "facebook:comment.like_count")
        assert found[ours.id, Metric.REPLIES][1] == "facebook:post.comments.summary.total_count"


def test_a_comment_on_instagram_is_not_asked_for_insights(simulator: Control) -> None:
    account = instagram.connector(simulator, "finances")
    published = simulator.speak("finances", "Le guichet", network="instagram")
    simulator.speak("anna", "où ?", reply_to=published["id"])
    (comment,) = all_of(account)[0]
    (told,) = [one for one in account.metrics([comment.ref]) if one.subject]
    assert (told.metric, told.value, told.source) == (Metric.LIKES, 0, "instagram:comment.like_count")


def test_another_objection_is_not_taken_for_the_other_kind() -> None:
    said = refused("(#100) The parameter id is odd", 100)
    with serve(lambda _asked: answer(said, 400)) as server, pytest.raises(Invalid):
        SUBJECT.connector(server).fetch(PostRef("7_1"))
    assert len(server.asked) == 1
    unknown = refused("(#100) Tried accessing nonexisting field (x) on node type (Y)", 100)
    with serve(lambda _asked: answer(unknown, 400)) as server, pytest.raises(Invalid):
        SUBJECT.connector(server).fetch(PostRef("7_1"))
    assert len(server.asked) == 2
