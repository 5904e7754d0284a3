"""What is said to a channel of YouTube, what hearing it costs, and what is not shown for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import requests

from networks.errors import Rejected
from networks.types import Kind, PostRef
from networks.youtube import inbox
from tests.networks.squares.square import Square, all_of, attempt
from tests.networks.squares.youtube import square as youtube_square
from tests.simulator.fixture import Control


@pytest.fixture
def square(simulator: Control) -> Square:
    return youtube_square(simulator)


def test_a_late_answer_in_an_old_thread_is_heard(square: Square) -> None:
    """Threads come by their beginnings: what is said today below last week's comment must not be missed."""
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    old = datetime.now(UTC) - timedelta(days=7)
    simulator = square.simulator
    assert simulator
    number = simulator.posts(by="finances", network="youtube")[0]["id"]
    top = simulator.speak("jan", "Vraag", reply_to=number, at=old.isoformat())
    since = datetime.now(UTC).isoformat()
    said = [simulator.speak("an", f"Laat {n}", reply_to=top["id"])["text"] for n in range(8)]
    found = all_of(square.service, since)[0]
    assert {item.text for item in found} == set(said)
    assert all(item.root and item.root.id == ours.id for item in found)


def test_long_threads_take_turns_and_lose_nothing(
    square: Square, simulator: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look into a thread costs a unit, as publishing does: so many a reading, and none where nothing changed."""
    monkeypatch.setattr(inbox, "LOOKS_A_READING", 3)
    square.service.publish(square.draft("Le guichet ouvre"), attempt())
    number = simulator.posts(by="finances", network="youtube")[0]["id"]
    old = (datetime.now(UTC) - timedelta(days=7)).isoformat()
    tops = [simulator.speak("jan", f"Vraag {n}", reply_to=number, at=old)["id"] for n in range(7)]
    since = all_of(square.service)[1]
    said = {simulator.speak("an", f"Laat {n} {top}", reply_to=top)["text"] for top in tops for n in range(6)}
    heard: set[str] = set()

    def read() -> int:
        nonlocal since
        before = len(simulator.journal("GET", "/youtube/v3/comments"))
        found, since = all_of(square.service, since)
        heard.update(item.text for item in found)
        return len(simulator.journal("GET", "/youtube/v3/comments")) - before

    assert [read() for _ in range(4)] == [3, 3, 1, 0]
    assert said <= heard
    more = simulator.speak("an", "Nog iets", reply_to=tops[4])["text"]
    assert (read(), more in heard) == (1, True)
    assert read() == 0


def test_a_thread_longer_than_a_reading_may_spend_is_read_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "LOOKS_A_READING", 3)
    short, huge = inbox.Long("a v", "6.0", 1), inbox.Long("b v", "900.0", 9)
    first, mark = inbox.chosen([short, huge], inbox.Mark())
    second, after = inbox.chosen([short, huge], mark)
    assert (first, mark.waits, second, after.waits) == ([short], ("b",), [huge], ())
    assert inbox.chosen([short, huge], after)[0] == []
    assert inbox.chosen([short, huge], inbox.Mark("2026-05-03T09:00:00+00:00", looks_back=True))[0] == [short, huge]


def test_a_citizen_may_write_about_the_channel(square: Square, simulator: Control) -> None:
    """On a training network a citizen who names us without answering a video comments on our channel."""
    simulator.speak("jan", "@finances quand ?", network="youtube")
    (item,) = all_of(square.service)[0]
    assert (item.kind, item.parent) == (Kind.MENTION, None)
    assert square.service.fetch(item.ref) == item


@pytest.mark.parametrize("status", ["heldForReview", "likelySpam"])
def test_a_comment_that_is_held_for_review_is_not_held_for_deleted(
    square: Square, simulator: Control, status: str
) -> None:
    square.service.publish(square.draft("Le guichet ouvre"), attempt())
    number = simulator.posts(by="finances", network="youtube")[0]["id"]
    top = simulator.speak("jan", "Vraag", reply_to=number)
    below = simulator.speak("an", "Ook", reply_to=top["id"])["text"]
    heard = {item.text: item for item in all_of(square.service)[0]}
    for text in (below, top["text"]):
        ref = heard[text].ref
        moderate(square, ref, status)
        with pytest.raises(Rejected, match="held back"):
            square.service.fetch(ref)
        moderate(square, ref, "published")
        assert square.service.fetch(ref) == heard[text]
    simulator.take_away(top["id"])
    assert square.service.fetch(heard[top["text"]].ref) is None


def moderate(square: Square, ref: PostRef, status: str) -> None:
    """As whoever owns the channel does in YouTube's own pages."""
    account = square.service.account
    told = requests.post(
        f"{account.base_url}/youtube/v3/comments/setModerationStatus",
        params={"id": ref.id, "moderationStatus": status},
        headers={"Authorization": f"Bearer {account.credentials['access_token']}"},
        timeout=10,
    )
    assert told.status_code == 204
