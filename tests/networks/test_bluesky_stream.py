"""Bluesky's stream where it gives odd things, or very much at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from networks.bluesky import connector as bluesky
from networks.bluesky import firehose
from networks.egress import Egress
from networks.errors import Unavailable
from networks.types import Kind
from tests.networks.subjects.bluesky import CID, DID
from tests.networks.subjects.bluesky import SUBJECT as BLUESKY
from tests.networks.test_bluesky_scripted import bad_commit, frame, noise, stream

COMMIT = {"op": 1, "t": "#commit"}
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def heard(number: int) -> firehose.Heard:
    did = f"did:plc:{number:024}"
    record = {"$type": "app.bsky.feed.post", "text": f"Question {number}"}
    return firehose.Heard(f"at://{did}/app.bsky.feed.post/3k", CID, did, Kind.MENTION, record, NOW)


@pytest.fixture
def told_by_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each event of the stream holds a message by somebody else."""

    def readable(body: dict[str, Any], _did: str) -> Iterator[firehose.Heard]:
        yield heard(body["seq"])

    monkeypatch.setattr(firehose, "_readable", readable)


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"\xff\x00garbage",
        "words where bytes are meant",
        frame(COMMIT, {})[:1],
        frame({}, {"seq": 2}),
        frame(COMMIT, {"seq": "two", "ops": []}),
        frame(COMMIT, {"seq": None}),
        frame(COMMIT, {"seq": 2, "ops": 7}),
        frame(COMMIT, {"seq": 2, "ops": [7, None, "x"]}),
        frame(COMMIT, {"seq": 2, "ops": {"action": "delete"}}),
        frame(COMMIT, {"seq": 2, "repo": 7, "ops": [{"action": "create", "path": 7, "cid": 7}], "blocks": 7}),
        bad_commit(2),
    ],
)
def test_an_odd_frame_keeps_nothing_behind_it_from_coming(odd: Any) -> None:
    with stream([noise(1), odd, noise(3)]) as (egress, url, _):
        assert firehose.listen(egress, url, DID, 0).cursor == 3


@pytest.mark.parametrize("ops", [7, [7, None, "x"], {"action": "delete"}])
def test_odd_deletions_take_nothing_back(ops: Any, told_by_each: None) -> None:
    with stream([noise(1), frame(COMMIT, {"seq": 2, "ops": ops})]) as (egress, url, _):
        assert [one.did for one in firehose.listen(egress, url, DID, 0).heard] == [heard(1).did, heard(2).did]


def test_what_many_say_at_once_is_read_in_turns(told_by_each: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who each of them is takes a call of its own."""
    monkeypatch.setattr(firehose, "MOST_AUTHORS", 5)
    with stream([noise(number) for number in range(1, 12)]) as (egress, url, _):
        first = firehose.listen(egress, url, DID, 0)
    assert (len(first.heard), first.cursor) == (5, 5)


def test_a_server_that_does_not_say_who_wrote_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call to one that does not answer takes half a minute: fifty outlast the claim on the stream."""
    asked: list[str] = []

    def describe_repo(told: Any) -> Any:
        asked.append(told.repo)
        raise Unavailable("away")

    catch = firehose.Catch(tuple(map(heard, range(4))), 9)
    monkeypatch.setattr(bluesky.firehose, "listen", lambda *_: catch)
    repo = SimpleNamespace(describe_repo=describe_repo)
    client: Any = SimpleNamespace(com=SimpleNamespace(atproto=SimpleNamespace(repo=repo)))
    service: Any = BLUESKY.make("http://127.0.0.1:1", Egress())
    page = service._overheard(client, "")
    assert len(asked) == 1
    assert {item.author.handle for item in page.items} == {heard(number).did for number in range(4)}
