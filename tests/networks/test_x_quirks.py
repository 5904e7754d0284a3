"""What X does otherwise than others: what it forbids, what it charges, what it hides in a 200, its media and limits."""

from __future__ import annotations

import contextlib
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from networks.egress import Egress
from networks.errors import (
    AuthExpired,
    Duplicate,
    Gone,
    Invalid,
    NetworkError,
    OutcomeUnknown,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Rejected,
    Unavailable,
)
from networks.types import AccountRef, AttemptKey, Draft, Kind, Measure, Metric, PostRef, Presence
from networks.x import reading
from networks.x.connector import XConnector
from tests.networks.loopback import Asked, Loopback, Reply, answer, serve
from tests.networks.squares.square import Square, attempt
from tests.networks.squares.x import square as made_square
from tests.networks.subjects.subject import CANARY
from tests.networks.subjects.x import SUBJECT, TWEET
from tests.simulator.fixture import Control

DRAFT = Draft("Bonjour", "fr")


@pytest.fixture
def square(simulator: Control) -> Square:
    return made_square(simulator)


def scripted(server: Loopback, **more: str) -> XConnector:
    account = AccountRef("x", server.url, "7", "fin", {"access_token": "t-write", **more})
    return XConnector(account, Egress(allow=server.allow), pause=lambda _seconds: None)


def forbidden(detail: str, **more: str) -> Reply:
    return answer({"title": "Forbidden", "status": 403, "detail": detail, "type": "about:blank", **more}, 403)


FORBIDDEN = {
    "duplicate": ("You are not allowed to create a Tweet with duplicate content.", Duplicate),
    "reply": (
        "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
        "author of the post you are replying to.",
        Rejected,
    ),
    "suspended": ("Your account is suspended and is not permitted to access this feature.", Rejected),
    "robot": ("This request looks like it might be automated. We can't complete this action right now.", Rejected),
    "parent": ("You attempted to reply to a Tweet that is deleted or not visible to you.", Gone),
    "too long": ("Your Tweet text is too long.", Invalid),
    "day": ("You have reached your daily limit for sending Tweets.", QuotaExhausted),
    "scopes": ("Your client app is not configured with the appropriate oauth1 app permissions.", PermissionMissing),
    "plan": ("When authenticating requests your client must be enrolled (client-not-enrolled).", PermissionMissing),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_a_403_means_is_told_in_its_words(name: str) -> None:
    detail, expected = FORBIDDEN[name]
    with serve(SUBJECT.script({SUBJECT.write: forbidden(detail)})) as server:
        with pytest.raises(expected) as caught:
            scripted(server).publish(DRAFT, attempt())
        assert type(caught.value) is expected
        assert detail[:60] in caught.value.detail
        assert SUBJECT.writes(server) == 1


SOON = datetime.now(UTC) + timedelta(hours=5)
CAP = {"title": "UsageCapExceeded", "period": "Monthly", "type": "https://api.twitter.com/2/problems/usage-capped"}
SPENT: dict[str, tuple[Reply, type[NetworkError], timedelta]] = {
    "minutes": (
        answer({"title": "Too Many Requests"}, 429, {"x-rate-limit-reset": str(int(SOON.timestamp()))}),
        RateLimited,
        timedelta(hours=5),
    ),
    "day": (
        answer(
            {"title": "Too Many Requests"},
            429,
            {
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": str(int(SOON.timestamp())),
                "x-rate-limit-reset": "1",
            },
        ),
        QuotaExhausted,
        timedelta(hours=5),
    ),
    **{
        f"day, reset {told}": (
            answer(
                {"title": "Too Many Requests"},
                429,
                {"x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": told},
            ),
            QuotaExhausted,
            wait,
        )
        for told, wait in (("1700000000", timedelta(minutes=1)), ("99999999999", timedelta(days=1)))
    },
    "month": (answer(CAP, 429), QuotaExhausted, timedelta(days=1)),
    "credits": (answer({"title": "CreditsDepleted"}, 402), QuotaExhausted, timedelta(days=1)),
}


@pytest.mark.parametrize("name", SPENT)
def test_which_of_its_limits_is_spent(name: str) -> None:
    reply, expected, wait = SPENT[name]
    with serve(lambda _asked: reply) as server, pytest.raises(expected) as caught:
        scripted(server).inbox()
    assert type(caught.value) is expected
    assert isinstance(caught.value, RateLimited)
    # SOON is reckoned when the file is read, and a long run comes here much later.
    assert abs(caught.value.retry_at - datetime.now(UTC) - wait) < timedelta(hours=2)
    assert caught.value.retry_at > datetime.now(UTC)


def test_the_square_counts_as_the_network_does(square: Square, simulator: Control) -> None:
    simulator.limits(**{"x:posts": 1})
    square.service.publish(DRAFT, attempt())
    with pytest.raises(RateLimited) as caught:
        square.service.publish(Draft("Encore", "fr"), attempt())
    assert timedelta(0) < caught.value.retry_at - datetime.now(UTC) <= timedelta(minutes=15)
    assert square.count("Encore") == 0


def test_the_same_words_twice_are_refused_and_the_first_is_found(square: Square) -> None:
    key = attempt()
    ref = square.service.publish(DRAFT, key)
    with pytest.raises(Duplicate):
        square.service.publish(DRAFT, key)
    found = square.service.reconcile(DRAFT, key)
    assert (found.ref, found.read) == (ref, 1)
    square.service.delete(ref)
    assert square.service.publish(DRAFT, attempt()).id != ref.id


def test_only_who_named_us_may_be_answered(square: Square, simulator: Control) -> None:
    stranger = simulator.speak("amelie", "L'impôt, quelle joie", network="x")
    with pytest.raises(Rejected, match="not been mentioned") as caught:
        square.service.publish(Draft("Merci !", "fr", reply_to=PostRef(stranger["id"])), attempt())
    assert type(caught.value) is Rejected
    asked = simulator.speak("amelie", "@finances quand ?", network="x")
    draft, key = Draft("Demain & après.", "fr", reply_to=PostRef(asked["id"])), attempt()
    ref = square.service.publish(draft, key)
    seen = square.service.fetch(ref)
    assert seen
    assert seen.text == "@amelie Demain & après.", "the network itself names whom we answer"
    assert seen.told == (square_id(simulator, "amelie"),)
    assert square.service.reconcile(draft, key).ref == ref


def square_id(simulator: Control, handle: str) -> str:
    return next(str(one["id"]) for one in simulator.control("GET", "people") if one["handle"] == handle)


def test_the_same_words_to_somebody_else_are_another_message(square: Square, simulator: Control) -> None:
    first, second = (simulator.speak(who, "@finances ?", network="x")["id"] for who in ("amelie", "bram"))
    key = attempt()
    square.service.publish(Draft("Voir fin.be", "fr", reply_to=PostRef(first)), key)
    other = square.service.reconcile(Draft("Voir fin.be", "fr", reply_to=PostRef(second)), key)
    assert other.presence is Presence.ABSENT


def test_nothing_is_absent_before_it_had_time_to_settle(simulator: Control) -> None:
    account = AccountRef("x", simulator.url, "", "finances", {"access_token": simulator.person("finances")})
    late = XConnector(account, Egress(allow=frozenset({simulator.host})))
    assert late.reconcile(DRAFT, attempt()).presence is Presence.UNCERTAIN
    now = datetime.now(UTC)
    old = AttemptKey("old", now - timedelta(minutes=10), sent_at=now - timedelta(minutes=3))
    assert late.reconcile(DRAFT, old).presence is Presence.ABSENT


def test_a_list_that_does_not_end_proves_nothing() -> None:
    tweet = {"id": "1456012973835788293", "text": "x", "created_at": "2021-11-03T21:38:42.000Z"}
    page = {"data": [tweet], "meta": {"next_token": "again"}}
    with serve(lambda _asked: answer(page)) as server:
        found = scripted(server).reconcile(DRAFT, AttemptKey("k", datetime(2021, 11, 3, tzinfo=UTC)))
        assert found.presence is Presence.UNCERTAIN
        assert len(server.asked) == 10


def test_a_caller_reads_with_the_narrower_token() -> None:
    with serve(SUBJECT.script({})) as server:
        both = scripted(server, read_access_token="t-read")
        both.identify()
        both.publish(DRAFT, attempt())
        told = {asked.path: asked.headers["authorization"] for asked in server.asked}
    assert told == {"/2/users/me": "Bearer t-read", "/2/tweets": "Bearer t-write"}


def test_the_real_network_is_called_at_its_own_host() -> None:
    called: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        called.append(f"{host}:{port}")
        return []

    real = XConnector(AccountRef("x", "https://x.com", "7", "fin", {"access_token": "t"}), Egress(resolve=resolve))
    with pytest.raises(Unavailable):
        real.identify()
    assert called == ["api.x.com:443"]
    assert real.locate("https://x.com/fin/status/x") is None


@pytest.mark.parametrize("verb", ["publish", "identify", "inbox"])
def test_the_library_logs_no_token_and_no_answer(verb: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("tweepy").setLevel(logging.DEBUG)
    with serve(lambda _asked: answer({**TWEET, "echo": f"Bearer {CANARY}"})) as server:
        connector = SUBJECT.connector(server)
        verbs = {"publish": lambda: connector.publish(DRAFT, attempt()), "inbox": connector.inbox}
        with contextlib.suppress(Unavailable):
            verbs.get(verb, connector.identify)()
        assert CANARY in server.asked[0].headers["authorization"]
    assert CANARY not in caplog.text


def test_a_200_with_errors_and_data_counts_what_is_there() -> None:
    told = {
        "data": [{"id": "1456012973835788293", "text": "x", "public_metrics": {"like_count": 4, "quote_count": "?"}}],
        "errors": [{"title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found"}],
    }
    me = {"data": {"id": "7", "public_metrics": {"followers_count": 9, "listed_count": 2}}}
    with serve(lambda asked: answer(me if asked.path == "/2/users/me" else told)) as server:
        found = scripted(server).metrics([PostRef("1456012973835788293"), PostRef("2")])
    assert [(one.subject, one.metric, one.value, one.source) for one in found] == [
        ("", Metric.FOLLOWERS, 9, "x:users.public_metrics.followers_count"),
        ("1456012973835788293", Metric.LIKES, 4, "x:tweets.public_metrics.like_count"),
    ]
    assert all(isinstance(one, Measure) for one in found)


@pytest.mark.parametrize("error", [{"title": "Over capacity"}, {}], ids=["in words", "without"])
def test_a_200_with_errors_alone_does_not_say_that_a_message_is_not_out(error: dict[str, str]) -> None:
    with serve(lambda _asked: answer({"errors": [error]})) as server, pytest.raises(OutcomeUnknown):
        scripted(server).publish(DRAFT, attempt())


def test_many_messages_are_counted_a_hundred_a_call() -> None:
    me = {"data": {"id": "7"}}
    with serve(lambda asked: answer(me if asked.path == "/2/users/me" else {"data": []})) as server:
        scripted(server).metrics([PostRef(str(number)) for number in range(250)])
        calls = [asked.query["ids"][0].split(",") for asked in server.asked if asked.path == "/2/tweets"]
    assert [len(ids) for ids in calls] == [100, 100, 50]


def tweet(**more: Any) -> dict[str, Any]:
    return {"data": {"id": "1456012973835788293", "text": "x", "author_id": "3", **more}}


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({"text": "a &amp; b &lt;c&gt; &amp;lt;"}, "a & b <c> &lt;"),
        (
            {
                "text": "Voir https://t.co/aaaaaaaaaa, merci https://t.co/bbbbbbbbbb",
                "entities": {
                    "urls": [
                        {"url": "https://t.co/aaaaaaaaaa", "expanded_url": "https://fin.be/?a=1&lt=2"},
                        {
                            "url": "https://t.co/bbbbbbbbbb",
                            "expanded_url": "https://x.com/i/status/1/photo/1",
                            "media_key": "3_1",
                        },
                    ]
                },
            },
            "Voir https://fin.be/?a=1&lt=2, merci",
        ),
        ({"text": "court…", "note_tweet": {"text": "court et puis &amp; long"}}, "court et puis & long"),
        ({"text": "Sans rien", "entities": {"urls": [{}, "x"]}}, "Sans rien"),
    ],
)
def test_a_text_comes_back_as_it_was_written(told: dict[str, Any], text: str) -> None:
    with serve(lambda _asked: answer(tweet(**told))) as server:
        seen = scripted(server).fetch(PostRef("1456012973835788293"))
    assert seen
    assert seen.text == text


def test_an_author_whom_the_answer_does_not_show_loses_nobodys_message() -> None:
    told = {"data": [tweet()["data"], {"text": "no id"}], "includes": {"users": [{"id": "9"}]}, "meta": {}}
    with serve(lambda _asked: answer(told)) as server:
        (item,) = scripted(server).inbox().items
    assert (item.author.id, item.author.handle, item.kind) == ("3", "", Kind.MENTION)
    assert item.created_at == datetime(2021, 11, 3, 21, 38, 39, 32000, tzinfo=UTC)


def test_an_old_search_asks_for_no_more_than_the_network_keeps(square: Square) -> None:
    said = square.say("Le guichet est fermé")
    old = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    page = square.service.search("guichet", since=old)
    assert [item.ref.id for item in page.items] == [said]
    with pytest.raises(Invalid):
        square.service.search("g" * 600)
    with pytest.raises(Invalid):
        square.service.search("guichet", since="yesterday")
    with pytest.raises(Invalid):
        square.service.inbox(older="x")


def test_an_edited_message_is_one_message_and_says_what_it_says_now() -> None:
    """An edit gives a message a new id; the old one goes on showing the old words, and the list the new."""
    both = ["1456012973835788293", "1456012973835788399"]
    shown = {
        identifier: tweet(id=identifier, text=f"Version {number}", edit_history_tweet_ids=both)
        for number, identifier in enumerate(both)
    }

    def script(asked: Asked) -> Reply:
        found = shown.get(asked.path.rpartition("/")[2])
        return answer(found or {"data": [shown[both[1]]["data"]], "meta": {"result_count": 1}})

    with serve(script) as server:
        service = scripted(server)
        seen = service.fetch(PostRef(both[0]))
        (listed,) = service.inbox().items
    assert seen
    assert [(one.ref.id, one.text) for one in (seen, listed)] == [(both[0], "Version 1")] * 2


def test_an_edit_by_a_citizen_is_seen(square: Square, simulator: Control) -> None:
    said = square.say("@finances demain ?")
    simulator.edit(said, "@finances après-demain ?")
    seen = square.service.fetch(PostRef(said))
    (listed,) = square.service.inbox().items
    assert seen
    assert [(one.ref.id, one.text) for one in (seen, listed)] == [(said, "@finances après-demain ?")] * 2
    read = [call["path"].rpartition("/")[2] for call in simulator.journal("GET") if "/2/tweets/" in call["path"]]
    assert (read[0], len(set(read))) == (said, 2), "the first id, then the edit's own"


def test_somebody_elses_message_is_not_ours_to_delete(square: Square) -> None:
    theirs = square.say("@finances à moi")
    with pytest.raises(PermissionMissing):
        square.service.delete(PostRef(theirs))


def test_a_token_that_lacks_a_scope_says_so(simulator: Control) -> None:
    simulator.person("finances")
    token = simulator.token("finances", "tweet.read users.read")["token"]
    account = AccountRef("x", simulator.url, "", "finances", {"access_token": token})
    service = XConnector(account, Egress(allow=frozenset({simulator.host})))
    assert service.identify().handle == "finances"
    with pytest.raises(PermissionMissing):
        service.publish(DRAFT, attempt())
    simulator.revoke("finances")
    with pytest.raises(AuthExpired):
        service.identify()


@pytest.mark.parametrize("way", ["in_reply_to", "reply", "", None, True])
def test_a_way_to_answer_that_nobody_knows_proves_nothing(way: Any) -> None:
    """X has renamed much: an answer by a new name would be taken for none, and sent again."""
    tweet = {"id": "9", "conversation_id": "7", "referenced_tweets": [{"type": way, "id": "7"}]}
    assert reading.answers(tweet, "7") is None
    assert reading.answers({**tweet, "referenced_tweets": [{"type": "quoted", "id": "7"}]}, "7") is False


@pytest.mark.parametrize(
    "odd", [None, {}, {"id": "²"}, {"id": 7}, {"id": "9" * 5_000}, {"id": "9", "created_at": "soon"}]
)
def test_one_odd_message_does_not_keep_the_list_from_being_read(odd: Any) -> None:
    """Where the newest of a list cannot be read, reading still knows where to go on."""
    honest = {"id": "7", "created_at": "2026-11-29T10:00:00.000Z"}
    assert reading.mark([odd, honest]).partition("@")[0] in ("7", "9")
    assert reading.mark([honest]) == "7@2026-11-29T10:00:00+00:00"
