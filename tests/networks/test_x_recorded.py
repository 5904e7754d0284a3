"""X's real answers, as recorded, read by the connector."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from networks.egress import Egress
from networks.errors import Gone
from networks.types import AccountRef, AttemptKey, Draft, Finding, Incoming, Kind, PostRef, Presence
from networks.x.connector import XConnector
from networks.x.reading import read_instant
from tests.networks.loopback import Loopback, Reply, answer, serve

Turn = tuple[str, str, int, dict[str, str], str]
ATTEMPT = AttemptKey("key", datetime(2021, 11, 3, 21, 38, tzinfo=UTC))
# Calls that Parvis does not make: counting without reading, quotes of one message, and hiding what citizens write.
UNASKED = {"test_client_get_recent_tweets_count", "test_client_get_quote_tweets", "test_client_hide_and_unhide_reply"}
REPLAYED = {
    "test_client_create_and_delete_tweet",
    "test_client_get_me",
    "test_client_get_tweets",
    "test_client_get_users_mentions",
    "test_client_search_recent_tweets",
    "testmediauploadpng",
}


@pytest.fixture(autouse=True)
def as_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recordings asked for fewer fields than we do, and hold fewer."""
    monkeypatch.setattr("networks.x.names.was_ignored", lambda *_both: False)


@pytest.fixture
def tape(recorded_data: Path) -> Callable[[str], list[Turn]]:
    def read(name: str) -> list[Turn]:
        told = yaml.safe_load((recorded_data / "recorded" / "x" / f"{name}.yaml").read_text())
        return [_turn(one["request"], one["response"]) for one in told["interactions"]]

    return read


def _turn(asked: dict[str, Any], told: dict[str, Any]) -> Turn:
    body = told["body"]["string"]
    text = gzip.decompress(body).decode() if isinstance(body, bytes) else str(body)
    headers = {name.lower(): values[0] for name, values in told["headers"].items()}
    return asked["method"], urlsplit(asked["uri"]).path, told["status"]["code"], headers, text


def replay(turn: Turn) -> Callable[[Any], Reply]:
    _, _, status, headers, body = turn
    kept = {name: value for name, value in headers.items() if name == "content-type" or name.startswith("x-rate")}
    return lambda _asked: answer(body, status, kept)


def connector(server: Loopback, remote_id: str = "783214") -> XConnector:
    account = AccountRef("x", server.url, remote_id, "TwitterDev", {"access_token": "token"})
    return XConnector(account, Egress(allow=server.allow), pause=lambda _seconds: None)


def test_no_recording_is_left_out(recorded_data: Path) -> None:
    assert {path.stem for path in (recorded_data / "recorded" / "x").glob("*.yaml")} == UNASKED | REPLAYED


def test_identify(tape: Callable[[str], list[Turn]]) -> None:
    with serve(replay(tape("test_client_get_me")[0])) as server:
        identity = connector(server).identify()
        assert server.asked[0].path == "/2/users/me"
    assert (identity.remote_id, identity.handle, identity.name) == (
        "1072250532645998596",
        "TweepyDev",
        "Tweepy Testing",
    )


def test_publish_and_delete(tape: Callable[[str], list[Turn]]) -> None:
    made, gone = tape("test_client_create_and_delete_tweet")
    with serve(replay(made)) as server:
        told = connector(server)
        ref = told.publish(Draft("Test Tweet", "en"), ATTEMPT)
        assert (server.asked[0].method, server.asked[0].path) == made[:2]
        assert server.asked[0].json == {"text": "Test Tweet"}
        rate = told._api.session.get_adapter("https://")._egress.rates[f"http://127.0.0.1:{server.port}"]
    assert ref == PostRef("1456012973835788293", f"{server.url}/i/status/1456012973835788293")
    assert (rate.limit, rate.remaining) == (200, 199)
    assert rate.reset_at == datetime.fromtimestamp(1635976418, UTC)
    with serve(replay(gone)) as server:
        connector(server).delete(ref)
        assert (server.asked[0].method, server.asked[0].path) == gone[:2]


def _checked(items: tuple[Incoming, ...], turn: Turn, kind: Kind) -> None:
    told = json.loads(turn[4])["data"]
    assert [item.ref.id for item in items] == [one["id"] for one in told]
    assert all(item.kind is kind and item.text for item in items)
    instants = [item.created_at for item in items]
    assert instants == sorted(instants, reverse=True)
    assert all(instant.tzinfo is UTC for instant in instants)


def test_mentions(tape: Callable[[str], list[Turn]]) -> None:
    (turn,) = tape("test_client_get_users_mentions")
    with serve(replay(turn)) as server:
        page = connector(server).inbox()
        assert server.asked[0].path == turn[1]
        older = connector(server).inbox(older=page.older)
        assert server.asked[1].path.endswith("/tweets")
        assert server.asked[2].query["pagination_token"] == [json.loads(turn[4])["meta"]["next_token"]]
    _checked(page.items, turn, Kind.MENTION)
    first = page.items[0]
    assert older.newest == page.newest
    assert page.newest.partition("|")[0] == f"{first.ref.id}@{first.created_at.isoformat()}"


def test_search(tape: Callable[[str], list[Turn]]) -> None:
    (turn,) = tape("test_client_search_recent_tweets")
    with serve(replay(turn)) as server:
        page = connector(server).search("Tweepy")
        assert server.asked[0].path == turn[1]
        assert server.asked[0].query["query"] == ["(Tweepy) -is:retweet"]
    _checked(page.items, turn, Kind.SEARCH_HIT)
    # The ids are times: each of these messages names its own second.
    assert page.items[0].text.startswith(f"{page.items[0].created_at:%Y-%m-%d %H:%M:%S}")


def test_one_message_and_several(tape: Callable[[str], list[Turn]]) -> None:
    (turn,) = tape("test_client_get_tweets")
    refs = [PostRef(one["id"]) for one in json.loads(turn[4])["data"]]
    user = {"data": {"id": "783214", "username": "TwitterDev", "public_metrics": {"followers_count": 3}}}
    with serve(lambda asked: answer(user) if asked.path == "/2/users/me" else replay(turn)(asked)) as server:
        figures = connector(server).metrics(refs)
        assert [asked.path for asked in server.asked] == ["/2/users/me", "/2/tweets"]
    assert [(one.subject, one.value) for one in figures] == [("", 3)]  # the recording holds no figures of messages


def test_looking_for_our_own(tape: Callable[[str], list[Turn]]) -> None:
    """The search's recording as our own list: the same shape, another path."""
    (turn,) = tape("test_client_search_recent_tweets")
    told = json.loads(turn[4])
    del told["meta"]["next_token"]
    first = told["data"][0]
    attempt = AttemptKey("key", read_instant(first))
    with serve(lambda _asked: answer(told)) as server:
        looking = connector(server)
        found = looking.reconcile(Draft(first["text"], "en"), attempt)
        assert server.asked[0].path == "/2/users/783214/tweets"
        assert looking.reconcile(Draft("nowhere", "en"), attempt) == Finding(Presence.ABSENT, read=len(told["data"]))
    # The recording asked for nothing that says what a message answers: it may be an answer with the same words.
    assert found.presence is Presence.UNCERTAIN
    told["data"] = [one | {"conversation_id": one["id"]} for one in told["data"]]
    with serve(lambda _asked: answer(told)) as server:
        found = connector(server).reconcile(Draft(first["text"], "en"), attempt)
    assert found.presence is Presence.PRESENT
    assert found.ref
    assert found.ref.id == first["id"]


def test_what_is_not_there_is_a_200_with_errors() -> None:
    told = {"errors": [{"title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found"}]}
    with serve(lambda _asked: answer(told)) as server:
        assert connector(server).fetch(PostRef("1")) is None
        with pytest.raises(Gone):
            connector(server).delete(PostRef("1"))
