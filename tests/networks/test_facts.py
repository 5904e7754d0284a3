"""What hangs at a message and is told oddly is left out, and takes no message away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from networks import facts
from networks.mastodon.reading import read_attachment, read_poll
from networks.types import Kind
from networks.x.reading import Site, read_tweet

FAR = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "soon", None, 7, {}]


def test_the_length_of_a_film_is_seconds() -> None:
    assert [facts.length(told) for told in (12, 2.44, 0.01)] == [12.0, 2.4, 0.0]
    assert facts.length(1500, of=1000) == 1.5


@pytest.mark.parametrize("told", [0, -3, 10**400, -(10**400), float("inf"), float("nan"), True, "12", None, [], 1e9])
def test_what_is_no_length_is_none(told: Any) -> None:
    assert facts.length(told) is None
    assert read_attachment({"type": "video", "url": "u", "meta": {"original": {"duration": told}}}).seconds is None


def test_the_end_of_a_poll_is_an_instant() -> None:
    assert facts.end("2026-11-29T13:00:00+01:00") == datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize("told", FAR)
def test_a_poll_that_ends_at_no_time_that_there_is_has_no_end(told: Any) -> None:
    poll = read_poll({"options": [{"title": "yes", "votes_count": 1}], "expires_at": told})
    assert poll is not None
    assert (poll.choices, poll.ends_at) == (("yes",), None)


def test_a_message_of_x_stays_without_what_is_told_oddly_of_its_film_and_poll() -> None:
    tweet = {"id": "2000000000000000001", "text": "Bonjour", "author_id": "7", "created_at": "2026-11-29T12:00:00Z"}
    tweet |= {"attachments": {"media_keys": ["1"], "poll_ids": ["2"]}}  # type: ignore[dict-item]
    film = {"media_key": "1", "type": "video", "duration_ms": 10**400}
    poll = {"id": "2", "options": [{"label": "yes", "position": 1}], "end_datetime": FAR[0]}
    found = read_tweet(tweet, {}, Kind.MENTION, Site("https://x.com"), {"media": [film], "polls": [poll]})
    assert [one.seconds for one in found.attachments] == [None]
    assert found.poll is not None
    assert found.poll.ends_at is None
