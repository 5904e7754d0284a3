"""What is odd about one message changes nothing for another: it comes all the same, and ours is found all the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from networks.egress import client
from networks.types import Draft, Presence
from tests.networks.loopback import Asked, Reply, serve
from tests.networks.loopback import answer as replied
from tests.networks.squares import Square, square_of
from tests.networks.squares.square import all_of, attempt
from tests.networks.subjects.mastodon import STATUS
from tests.networks.subjects.mastodon import SUBJECT as MASTODON
from tests.networks.subjects.x import SUBJECT as X
from tests.networks.subjects.x import TWEET
from tests.networks.test_odd_answers import SQUARES, Tape, places, with_part
from tests.thorough import thorough_pairs

ODD: list[Any] = [None, "x", []]
DEPTH = 3
# In which part of an answer a network lists what is ours, and when each thing on it was written; long ago, there.
OLD = "2026-01-01T00:00:00+00:00"
LISTED: dict[str, tuple[str, tuple[str, ...], Any]] = {
    "facebook": ("data", ("created_time",), OLD),
    "instagram": ("data", ("timestamp",), OLD),
    "linkedin": ("elements", ("createdAt",), 1_600_000_000_000),
    "mastodon": ("", ("created_at",), OLD),
    "youtube": ("items", ("snippet", "publishedAt"), OLD),
}


def lists(told: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], list[Any]]]:
    """Every list of several things in an answer, with where it stands."""
    if isinstance(told, list) and len(told) > 1 and isinstance(told[0], dict):
        yield above, told
    for name, part in told.items() if isinstance(told, dict) else enumerate(told if isinstance(told, list) else ()):
        yield from lists(part, (*above, name))


@pytest.mark.slow
@pytest.mark.parametrize("looks_back", [False, True], ids=["first reading", "look back"])
@pytest.mark.parametrize("key", SQUARES)
def test_an_odd_message_keeps_no_other_from_coming(
    key: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, looks_back: bool
) -> None:
    square = square_of(key, request)
    ref = square.service.publish(square.draft("Où est le guichet ?"), attempt())
    for words in ("Un", "Deux"):
        square.say(f"{square.mention} {words}".strip(), reply_to=ref)
    square.settled()
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat() if looks_back else ""
    tape = Tape(monkeypatch)
    base = {item.ref.id for item in square.service.inbox(since=since).items}
    monkeypatch.setattr(client, "exchange", tape._again)
    broken, tried = [], 0
    for turn, (_call, answer) in enumerate(tape.kept):
        told = json.loads(answer.body)
        for above, found in lists(told):
            inside = [(*above, at, *place) for at, one in enumerate(found) for place in places(one)]
            for place in (one for one in inside if len(one) - len(above) <= DEPTH):
                for odd in ODD:
                    tape._turn, tape._changed, tried = 0, (turn, with_part(told, place, odd)), tried + 1
                    if len(base - _heard(square, since)) > 1:
                        broken.append((place, odd))
    assert broken == []
    assert tried > 20


def _heard(square: Square, since: str) -> set[str]:
    try:
        return {item.ref.id for item in square.service.inbox(since=since).items}
    except Exception:
        return set()


@pytest.mark.parametrize(("is_answer", "key"), thorough_pairs([False, True], LISTED))
def test_ours_is_found_behind_one_that_stands_out_of_its_place(
    key: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, is_answer: bool
) -> None:
    """Pinned, dated back, or in a list that nobody promises the order of: else ours would be sent again."""
    square = square_of(key, request)
    draft, key_of_ours = square.draft("Le guichet ouvre"), attempt()
    ref = square.service.publish(draft, key_of_ours)
    if is_answer:
        square.say(f"{square.mention} Ici ?".strip(), reply_to=ref)
        question = next(item for item in all_of(square.service)[0] if "Ici" in item.text)
        draft, key_of_ours = square.answer("@citizen Oui", question), attempt()
        ref = square.service.publish(draft, key_of_ours)
    tape = Tape(monkeypatch)
    square.service.reconcile(draft, key_of_ours)
    monkeypatch.setattr(client, "exchange", tape._again)
    found = [
        square.service.reconcile(draft, key_of_ours)
        for turn, (_call, answer) in enumerate(tape.kept)
        if (body := _with_an_old_one_first(key, json.loads(answer.body)))
        for tape._turn, tape._changed in [(0, (turn, body))]
    ]
    assert [(one.presence, one.ref and one.ref.id) for one in found] == [(Presence.PRESENT, ref.id)] * len(found)
    assert found


def _with_an_old_one_first(key: str, told: Any) -> bytes:
    """Nothing where the answer lists nothing of ours."""
    name, where, moment = LISTED[key]
    if key == "linkedin" and isinstance(told, dict) and "elements" in told and "created" in str(told["elements"]):
        where = ("createdAt",) if "createdAt" in told["elements"][0] else ("created", "time")
    shown = told.get(name) if name and isinstance(told, dict) else told
    if not isinstance(shown, list) or not shown or where[0] not in shown[0] or where[-1] not in str(shown[0]):
        return b""
    old = copy.deepcopy(shown[0])
    inner = old[where[0]] if len(where) > 1 else old
    inner[where[-1]] = moment
    for words in (old, inner):
        words.update({part: "Autre" for part in ("message", "caption", "text") if isinstance(words.get(part), str)})
    shown.insert(0, old)
    return json.dumps(told).encode()


def test_words_before_a_message_count_whole(request: pytest.FixtureRequest) -> None:
    """Mastodon makes an address cheaper in the text alone."""
    square = square_of("mastodon", request)
    address = f"https://fin.example/{'a' * 80}"
    assert square.service.validate(Draft("a" * 410, "fr", warning="Voir")) == ()
    assert [one.code for one in square.service.validate(Draft("a" * 410, "fr", warning=address))] == ["text_too_long"]


@pytest.mark.parametrize("odd", [None, "x", [], {}, {"id": "900"}, {"id": "900", "created_at": "never"}])
@pytest.mark.parametrize("since", ["", "1", "2026-11-01T00:00:00+00:00"])
def test_an_odd_hit_keeps_no_other_of_mastodon_from_being_found(odd: Any, since: str) -> None:
    with serve(lambda _asked: replied({"statuses": [odd, STATUS], "accounts": [], "hashtags": []})) as server:
        found = MASTODON.connector(server).search("guichet", since=since)
    assert [item.ref.id for item in found.items] == ["501"]


@pytest.mark.parametrize("odd", [None, "x", [], {}])
def test_an_odd_message_of_our_own_keeps_no_mention_of_x_from_coming(odd: Any) -> None:
    asked_us = {**TWEET["data"], "author_id": "9", "created_at": "2026-11-20T09:00:00.000Z"}

    def script(asked: Asked) -> Reply:
        return replied({"data": [asked_us] if asked.path.endswith("/mentions") else [odd]})

    with serve(script) as server:
        found = X.connector(server).inbox()
    assert [item.ref.id for item in found.items] == [asked_us["id"]]
