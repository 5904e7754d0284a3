"""Each part of what a network answers replaced by what nobody expects there: errors of ours come out, and no others.

An act is done once against the training network; then its answers are given again, one part changed.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from networks import catalogue
from networks.consent import App, Granted
from networks.egress import Egress, client
from networks.egress.exchange import Answer, Call
from networks.errors import NetworkError, NotApplied, Unsupported
from networks.kinds import Purpose
from networks.types import Finding, Presence
from tests.networks.doors import agree
from tests.networks.squares import Square, square_of
from tests.networks.squares.square import all_of, attempt
from tests.simulator.fixture import Control

BACK = "https://parvis.example/registry/connect/back/"
ODD: list[Any] = [None, True, 10**30, "a\x00b", "\ud800", "9" * 5_000, [], {}, [None], "x" * 20_000]
# Nor an empty list, which says that there is nothing.
NO_WORDS: list[Any] = [None, True, -1, {}, {"x": {}}, [None], [[]]]
SQUARES = [f"{key}@square" if key == "bluesky" else key for key in catalogue.NETWORKS if key not in ("feed", "webpage")]


def places(told: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    if isinstance(told, dict):
        for name, part in told.items():
            yield from places(part, (*above, name))
    elif isinstance(told, list) and told:
        yield from places(told[0], (*above, 0))


def with_part(told: Any, place: tuple[Any, ...], odd: Any) -> bytes:
    whole = {"": copy.deepcopy(told)}
    inner: Any = whole
    for name in ("", *place)[:-1]:
        inner = inner[name]
    inner[("", *place)[-1]] = odd
    return json.dumps(whole[""]).encode()


class Tape:
    """What was asked and answered, and how to be answered so once more."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kept: list[tuple[Call, Answer]] = []
        self._real, self._patch = client.exchange, monkeypatch
        self._turn, self._changed = 0, (-1, b"")
        self.wrote = False
        monkeypatch.setattr(client, "exchange", self._record)

    def _record(self, target: Any, call: Call, limits: Any) -> Answer:
        answer = self._real(target, call, limits)
        self.kept.append((call, answer))
        return answer

    def _again(self, _target: Any, call: Call, _limits: Any) -> Answer:
        turn, self._turn = self._turn, self._turn + 1
        if turn >= len(self.kept):
            return Answer(call.url, 404, [("content-type", "application/json")], b"{}")
        answer = self.kept[turn][1]
        self.wrote |= call.write and answer.status < 300
        return replace(answer, body=self._changed[1]) if turn == self._changed[0] else answer

    def variations(
        self, act: Callable[[], Any], odds: list[Any] = ODD, half: int | None = None
    ) -> Iterator[tuple[str, Any]]:
        """Does `act`, then again with each odd answer: where it was odd, and what came of it, result or exception.

        With `half` (0 or 1), what lies deeper than the answer's own parts has every second oddity, its neighbour the
        others: several acts read the same deeper parts by the same code.
        """
        self.kept.clear()
        self._patch.setattr(client, "exchange", self._record)
        act()
        self._patch.setattr(client, "exchange", self._again)
        for turn, (call, answer) in enumerate(self.kept):
            told = json.loads(answer.body) if "json" in answer.header("content-type") and answer.body else None
            for number, place in enumerate(places(told) if told is not None else ()):
                for odd in odds if half is None or len(place) < 2 else odds[(number + half) % 2 :: 2]:
                    self._turn, self._changed, self.wrote = 0, (turn, with_part(told, place, odd)), False
                    yield f"{call.method} {call.url[-40:]} {place} {odd!r:.20}", _outcome(act)
        self._patch.setattr(client, "exchange", self._record)


def _outcome(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Exception as error:
        return error


@pytest.fixture(params=SQUARES)
def square(request: pytest.FixtureRequest) -> Square:
    return square_of(request.param, request)


ACTS = ("identify", "publish", "reply", "reconcile", "fetch", "locate", "inbox", "metrics", "delete")


def act_of(name: str, square: Square) -> Callable[[], Any]:
    """One verb of the port, about a message of ours with a citizen's answer below it."""
    service, draft = square.service, square.draft("Bonjour")
    ref = service.publish(square.draft("Où est le guichet ?"), attempt())
    square.say(f"{square.mention} Ici ?", reply_to=ref)
    square.settled()
    if name == "reply":
        question = next(item for item in all_of(service)[0] if "Ici" in item.text)
        answer = square.answer("@citizen Oui", question)
        return lambda: service.publish(answer, attempt())
    acts: dict[str, Callable[[], Any]] = {
        "identify": service.identify,
        "publish": lambda: service.publish(draft, attempt()),
        "reconcile": lambda: service.reconcile(draft, attempt()),
        "fetch": lambda: service.fetch(ref),
        "locate": lambda: service.locate(ref.url),
        "inbox": service.inbox,
        "metrics": lambda: service.metrics([ref]),
        "delete": lambda: service.delete(ref),
    }
    return acts[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTS)
def test_verbs_of_the_port(name: str, square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what may be out already is never held for undone."""
    act, tape = act_of(name, square), Tape(monkeypatch)
    try:
        tried = tape.variations(act, half=ACTS.index(name) % 2)
        came = [(where, told, tape.wrote) for where, told in tried]
    except Unsupported:
        pytest.skip("this network cannot")
    publishes = name in ("publish", "reply")
    broken = [one for one in came if is_bad(one[1]) or (publishes and one[2] and isinstance(one[1], NotApplied))]
    assert broken == []
    assert tape.kept


def is_bad(told: Any) -> bool:
    return isinstance(told, Exception) and not isinstance(told, NetworkError)


@pytest.mark.slow
@pytest.mark.parametrize("is_answer", [False, True], ids=["message", "answer"])
def test_no_odd_word_makes_a_message_absent_or_deleted(
    square: Square, monkeypatch: pytest.MonkeyPatch, is_answer: bool
) -> None:
    """It would be sent again."""
    service, draft, attempted = square.service, square.draft("Où est le guichet ?"), attempt()
    ref = service.publish(draft, attempted)
    if is_answer:
        if not square.can.replies:
            pytest.skip("this network has no answers")
        square.say(f"{square.mention} Ici ?", reply_to=ref)
        square.settled()
        question = next(item for item in all_of(service)[0] if "Ici" in item.text)
        draft, attempted = square.answer("@citizen Oui", question), attempt()
        ref = service.publish(draft, attempted)
    square.settled()
    tape = Tape(monkeypatch)
    found = list(tape.variations(lambda: service.reconcile(draft, attempted), NO_WORDS))
    assert [where for where, told in found if isinstance(told, Finding) and told.presence is Presence.ABSENT] == []
    assert [one for one in found if is_bad(one[1])] == []


@pytest.mark.slow
@pytest.mark.parametrize("key", [key for key, one in catalogue.NETWORKS.items() if one.consent and key != "linkedin"])
def test_consents(key: str, simulator: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also no token that a vault, and no scope that a column cannot keep."""
    app = simulator.app(BACK, " ".join(scope.name for scope in catalogue.network(key).scopes))
    known = App(app["client_id"], app["client_secret"])
    consent = catalogue.consent(key, simulator.url, known, Egress(allow=frozenset({simulator.host})))
    begun = consent.begin(state="s", redirect_uri=BACK, purpose=Purpose.ALL)
    code, _state = agree(simulator, begun.url, "finances")
    tape, granted = Tape(monkeypatch), []

    def finish() -> tuple[Granted, ...]:
        granted.append(consent.finish(code=code, kept=begun.kept, redirect_uri=BACK))
        return granted[-1]

    broken = {where: told for where, told in tape.variations(finish) if is_bad(told) or cannot_be_kept(told)}
    assert broken == {}
    try:
        again = list(tape.variations(lambda: consent.renew(granted[0][0].renewed.credentials)))
    except Unsupported:
        return
    assert {where: told for where, told in again if is_bad(told)} == {}


def cannot_be_kept(told: Any) -> bool:
    if isinstance(told, Exception):
        return False
    words = [word for one in told for word in (*one.renewed.credentials.values(), *one.scopes)]
    return not all(word.isprintable() and word.isascii() for word in words)
