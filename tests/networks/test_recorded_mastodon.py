"""Mastodon's real answers, as recorded, read by the connector."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from networks.catalogue import server_facts
from networks.egress import Egress
from networks.errors import Gone, Invalid
from networks.mastodon.connector import MastodonConnector
from networks.mastodon.text import plain
from networks.types import AccountRef, AttemptKey, Draft, Kind, Media, Metric, PostRef
from tests.networks.loopback import Asked, Reply, answer, serve
from tests.networks.subjects.mastodon import STATUS

Recorded = list[tuple[str, str, int, dict[str, str], str]]


@pytest.fixture
def tape(recorded_data: Path) -> Callable[[str], Recorded]:
    folder = recorded_data / "recorded" / "mastodon"

    def read(name: str) -> Recorded:
        told = yaml.safe_load((folder / f"{name}.yaml").read_text())
        return [
            (
                turn["request"]["method"],
                turn["request"]["uri"],
                turn["response"]["status"]["code"],
                {name: values[0] for name, values in turn["response"]["headers"].items()},
                turn["response"]["body"]["string"],
            )
            for turn in told["interactions"]
        ]

    return read


def replay(turn: tuple[str, str, int, dict[str, str], str]) -> Callable[[Asked], Reply]:
    _, _, status, headers, body = turn
    kept = {name.title(): value for name, value in headers.items() if name in ("content-type", "link")}
    return lambda _asked: answer(body, status, kept)


def first(recorded: Recorded, method: str, part: str) -> Any:
    return next(turn for turn in recorded if turn[0] == method and part in turn[1])


def connector(server: Any, remote_id: str = "7") -> MastodonConnector:
    account = AccountRef("mastodon", server.url, remote_id, "fin", {"access_token": "token"})
    return MastodonConnector(account, Egress(allow=server.allow), pause=lambda _seconds: None)


ATTEMPT = AttemptKey("key", datetime(2026, 8, 1, 13, 53, tzinfo=UTC))


def test_identify(tape: Callable[[str], Recorded]) -> None:
    with serve(replay(first(tape("test_status_reply"), "GET", "verify_credentials"))) as server:
        identity = connector(server).identify()
    assert (identity.remote_id, identity.handle) == ("117020565693913441", "admin")


def test_publish(tape: Callable[[str], Recorded]) -> None:
    with serve(replay(first(tape("test_status_reply"), "POST", "/statuses"))) as server:
        ref = connector(server).publish(Draft("Toot, finally!", "en"), ATTEMPT)
        rate = server.asked[0]
    assert ref == PostRef("117020583245459824", "http://localhost:3000/@mastodonpy_test_2/117020583245459824")
    assert rate.path == "/api/v1/statuses"


def test_an_empty_status_is_refused(tape: Callable[[str], Recorded]) -> None:
    turn = first(tape("test_status_empty"), "POST", "/statuses")
    with serve(replay(turn)) as server, pytest.raises(Invalid) as caught:
        connector(server).publish(Draft("", "en"), ATTEMPT)
    assert caught.value.detail


def test_a_missing_status_is_none_or_gone(tape: Callable[[str], Recorded]) -> None:
    with serve(replay(first(tape("test_status_missing"), "GET", "/statuses/0"))) as server:
        assert connector(server).fetch(PostRef("0")) is None
        with pytest.raises(Gone):
            connector(server).delete(PostRef("0"))


def test_mentions(tape: Callable[[str], Recorded]) -> None:
    turn = first(tape("test_notifications_mentions_only"), "GET", "types%5B%5D=mention")
    with serve(replay(turn)) as server:
        page = connector(server).inbox()
        (notes,) = [asked for asked in server.asked if asked.path == "/api/v1/notifications"]
        assert (notes.query["types[]"], notes.query["include_filtered"]) == (["mention"], ["true"])
    assert page.items
    for item in page.items:
        assert item.kind in (Kind.MENTION, Kind.REPLY)
        assert item.text
        assert "<" not in item.text
        assert item.created_at.tzinfo is UTC
        assert item.author.handle


def test_search(tape: Callable[[str], Recorded]) -> None:
    turn = first(tape("test_search"), "GET", "type=statuses")
    with serve(replay(turn)) as server:
        page = connector(server).search("mastodonpy_test")
        assert server.asked[0].query["type"] == ["statuses"]
    assert all(item.kind is Kind.SEARCH_HIT for item in page.items)


@pytest.mark.longer
def test_figures_are_those_of_the_answers(tape: Callable[[str], Recorded]) -> None:
    account = first(tape("test_verify_credentials"), "GET", "verify_credentials")
    status = first(tape("test_status_edit"), "GET", "/api/v1/statuses/")
    body = next(turn for turn in tape("test_status_edit") if turn[0] == "GET" and turn[1].endswith("926938"))
    assert status[1].endswith("/history")

    def script(asked: Asked) -> Reply:
        return replay(account if "verify_credentials" in asked.path else body)(asked)

    with serve(script) as server:
        measures = connector(server).metrics([PostRef("117020586180926938")])
    told = {(one.subject, one.metric): (one.value, one.source) for one in measures}
    real, post = json.loads(account[4]), json.loads(body[4])
    assert told["", Metric.FOLLOWERS] == (real["followers_count"], "mastodon:verify_credentials.followers_count")
    assert told["", Metric.POSTS][0] == real["statuses_count"]
    for metric, name in (
        (Metric.LIKES, "favourites_count"),
        (Metric.SHARES, "reblogs_count"),
        (Metric.REPLIES, "replies_count"),
        (Metric.QUOTES, "quotes_count"),
    ):
        assert told[post["id"], metric] == (post[name], f"mastodon:statuses.{name}")
    assert len(told) == 6


def test_an_edited_status_reads_as_it_stands(tape: Callable[[str], Recorded]) -> None:
    body = next(turn for turn in tape("test_status_edit") if turn[0] == "GET" and turn[1].endswith("926938"))
    real = json.loads(body[4])
    assert real["edited_at"]
    with serve(replay(body)) as server:
        seen = connector(server).fetch(PostRef("117020586180926938"))
    assert seen
    assert seen.text == plain(real["content"])
    assert seen.ref.id == real["id"]


@pytest.mark.parametrize("name", ["test_status_context", "test_status_post_None-public_", "test_status_favourited_by"])
def test_every_recorded_post_and_deletion(tape: Callable[[str], Recorded], name: str) -> None:
    post, gone = first(tape(name), "POST", "/statuses"), first(tape(name), "DELETE", "/statuses/")
    with serve(lambda asked: replay(gone if asked.method == "DELETE" else post)(asked)) as server:
        ref = connector(server).publish(Draft("Toot!", "en"), ATTEMPT)
        connector(server).delete(ref)
        assert [asked.path for asked in server.asked] == ["/api/v1/statuses", f"/api/v1/statuses/{ref.id}"]
    assert ref.id == str(json.loads(post[4])["id"])


def test_what_a_real_server_allows(tape: Callable[[str], Recorded]) -> None:
    with serve(replay(first(tape("test_instance"), "GET", "instance"))) as server:
        told = server_facts("mastodon", server.url, Egress(allow=server.allow)).limits
    assert told == {
        "text_limit": 500,
        "address_length": 23,
        "alt_limit": 10_000,
        "max_media": 4,
        "media_bytes": 16_777_216,
        "video_bytes": 103_809_024,
    }


def test_media_wait_until_they_are_processed(tape: Callable[[str], Recorded], tmp_path: Path) -> None:
    turn = first(tape("test_media_post_file"), "POST", "/media")
    picture = tmp_path / "p.jpg"
    picture.write_bytes(b"\xff\xd8\xff")
    looks: list[str] = []

    def script(asked: Asked) -> Reply:
        if asked.path == "/api/v2/media":
            body = turn[4].replace('"url":"', '"url":null,"was":"')
            return answer(body, 202)
        if asked.path.startswith("/api/v1/media/"):
            looks.append(asked.path)
            done = len(looks) == 3
            return answer(
                {"id": "1", "type": "image", "url": "https://x.example/1.jpg" if done else None}, 200 if done else 206
            )
        return answer(STATUS)

    with serve(script) as server:
        draft = Draft("Image", "fr", (Media(picture, "image/jpeg", "Une façade"),))
        connector(server).publish(draft, ATTEMPT)
        assert "Une façade".encode() in server.asked[0].body
        assert server.asked[-1].form["media_ids[]"]
    assert len(looks) == 3
