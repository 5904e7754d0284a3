"""An answer that lacks something is no proof that a message is not there: each field is taken out in turn.

What may be said of a half answer: that one found it, that one cannot tell, or an error. Never that it is absent, for it
would be sent again; never that a citizen deleted it, for it would be erased here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from networks.errors import NetworkError
from networks.types import AttemptKey, Draft, PostRef, Presence
from simulator import server
from simulator.exchange import Answer, Request, json_answer
from tests.networks.squares import PUBLISHING, REAL, TRAINING, Square, square_of
from tests.networks.squares.square import all_of, attempt

pytestmark = pytest.mark.slow

Change = Callable[[Any], Any]
HTML = Answer(200, b"<html><title>Maintenance</title></html>", {"Content-Type": "text/html"})
WHOLES = {
    "nothing": Answer(200, b"", {"Content-Type": "application/json"}),
    "html": HTML,
    "an empty object": json_answer({}),
    "an empty list": json_answer([]),
    "null": json_answer(None),
    "an error in a 200": json_answer({"errors": [{"title": "Over capacity"}], "error": {"message": "Over capacity"}}),
}


@pytest.fixture(params=[f"{key}{TRAINING}" if key in REAL else key for key in PUBLISHING])
def square(request: pytest.FixtureRequest) -> Square:
    return square_of(request.param, request)


class Cut:
    """What becomes of the answers to readings on the training network."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.paths: set[str] = set()
        self.without = ""
        self.instead: tuple[str, Answer] | None = None
        self.emptied = ""  # of this path the lists say nothing, and keep their own count
        self.struck = 0

    def answer(self, honest: Callable[..., Answer], square: Any, request: Request) -> Answer:
        told = honest(square, request)
        if request.method != "GET" or told.status != 200 or request.path.startswith("/_simulator"):
            return told
        self.paths.add(request.path)
        if self.instead and request.path == self.instead[0]:
            self.struck += 1
            return self.instead[1]
        if "json" not in told.headers.get("Content-Type", ""):
            return told
        body = json.loads(told.body)
        if self.emptied == request.path and _counts(body):
            self.struck += 1
            return json_answer({name: [] if isinstance(of, list) else of for name, of in body.items()})
        self.names |= set(_names(body))
        if not self.without:
            return told
        self.struck += self.without in set(_names(body))
        return json_answer(_without(body, self.without), headers=told.headers)


def _counts(told: Any) -> bool:
    """Whether a list says of itself that there is something on it."""
    beside = [told[name] for name in ("paging", "pageInfo", "meta") if isinstance(told.get(name), dict)]
    return any(one.get(name) for one in beside for name in ("total", "totalResults", "result_count"))


def _names(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        for name, value in told.items():
            yield name
            yield from _names(value)
    elif isinstance(told, list):
        for one in told:
            yield from _names(one)


def _without(told: Any, name: str) -> Any:
    if isinstance(told, dict):
        return {key: _without(value, name) for key, value in told.items() if key != name}
    return [_without(one, name) for one in told] if isinstance(told, list) else told


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Cut:
    made, honest = Cut(), server.answer_to
    monkeypatch.setattr(server, "answer_to", lambda square, request: made.answer(honest, square, request))
    return made


def sent(square: Square) -> Iterator[tuple[Draft, AttemptKey, PostRef]]:
    """A message, and an answer to a citizen where there are answers."""
    known = {item.ref.id for item in all_of(square.service)[0]}
    draft, key = square.draft("Le guichet ouvre"), attempt()
    ours = square.service.publish(draft, key)
    yield draft, key, ours
    if square.can.replies:
        square.say(f"{square.mention} où ?".strip(), ours)
        [question] = [item for item in all_of(square.service)[0] if item.ref.id not in known]
        answer, key = square.answer("Ici.", question), attempt()
        yield answer, key, square.service.publish(answer, key)


def look(square: Square, draft: Draft, key: AttemptKey, ref: PostRef, why: str) -> None:
    try:
        found = square.service.reconcile(draft, key)
    except NetworkError:
        pass
    else:
        assert found.presence is not Presence.ABSENT, f"absent without {why}"
        assert found.presence is Presence.UNCERTAIN or (found.ref and found.ref.id == ref.id), why
    try:
        seen = square.service.fetch(ref)
    except NetworkError:
        return
    assert seen is not None, f"deleted without {why}"
    # Graph leaves out what is empty: there a message without words is told just so.
    is_left_out = square.network in ("facebook", "instagram") and not seen.text
    assert is_left_out or draft.text in seen.text, f"words taken back without {why}"


def test_no_field_left_out_makes_a_message_absent(square: Square, cut: Cut) -> None:
    said = list(sent(square))
    for draft, key, ref in said:
        cut.without = ""
        cut.names.clear()
        look(square, draft, key, ref, "anything")
        for name in sorted(cut.names):
            cut.without = name
            look(square, draft, key, ref, f"{name} ({'answer' if draft.reply_to else 'message'})")
    assert cut.struck > 5


@pytest.mark.parametrize("whole", WHOLES)
def test_no_answer_that_says_nothing_makes_a_message_absent(square: Square, cut: Cut, whole: str) -> None:
    if square.network == "mastodon" and whole == "an empty list":
        pytest.skip("how this network says that there is nothing")
    said = list(sent(square))
    for draft, key, ref in said:
        cut.instead = None
        cut.paths.clear()
        look(square, draft, key, ref, "anything")
        for path in sorted(cut.paths):
            cut.instead = path, WHOLES[whole]
            look(square, draft, key, ref, f"{whole} at {path}")
    assert cut.struck


@pytest.mark.parametrize("square", ["linkedin", "x", "youtube"], indirect=True)
def test_an_empty_list_that_counts_something_makes_no_message_absent(square: Square, cut: Cut) -> None:
    """Without that the look would say so: the training network counts what it lists."""
    for draft, key, ref in list(sent(square)):
        cut.emptied = ""
        cut.paths.clear()
        look(square, draft, key, ref, "anything")
        for path in sorted(cut.paths):
            cut.emptied = path
            look(square, draft, key, ref, f"what {path} counts")
    assert cut.struck
