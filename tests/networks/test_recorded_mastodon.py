"""Mastodon's real answers, as recorded, read by the connector."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from networks.egress import Egress
from networks.errors import Gone, Invalid
from networks.mastodon.connector import MastodonConnector
from networks.types import AccountRef, AttemptKey, Draft, Kind, Media, PostRef
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
        assert server.asked[0].query["types[]"] == ["mention"]
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
