"""A flood as a file: timed messages of citizens, with the changes and deletions among them.

JSON: `title`, `language`, `about`, and `messages`, each with `after` (seconds since the beginning). A message that
writes has `by` (a handle), `text`, and as it likes `name`, `network`, `mention` (true: the organisation of the
exercise; or a handle), `label`, and `reply_to` (an earlier label). One that changes has `edit` (a label) and `text`;
one that takes away has `delete` (a label).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.store.people import HANDLE

FOLDER = Path(__file__).parent / "scripts"
LONGEST_TITLE, LONGEST_ABOUT, LONGEST_TEXT, MOST, LATEST = 120, 1_000, 500, 2_000, 86_400
KNOWN = {"after", "by", "name", "text", "network", "mention", "label", "reply_to", "edit", "delete"}


class FloodRefused(ValueError):
    """Why a file cannot be played: `code`, the message's `place` from 1 (0: the file itself), and `what` is wrong."""

    def __init__(self, code: str, *, place: int = 0, what: object = "") -> None:
        super().__init__(f"{code} {place} {what}")
        self.code = code
        self.place = place
        self.what = str(what)[:60]


@dataclass(frozen=True, slots=True)
class Step:
    """`does` is "write", "edit" or "delete"; the last two concern the message called `label`."""

    after: float
    does: str
    label: str = ""
    by: str = ""
    name: str = ""
    text: str = ""
    network: str = ""
    mention: str = ""  # a handle; "*" is the organisation of the exercise
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """`steps` in the order in which they happen."""

    title: str
    language: str
    about: str
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        return self.steps[-1].after

    @property
    def written(self) -> int:
        return sum(step.does == "write" for step in self.steps)


def shipped(networks: Collection[str]) -> dict[str, Script]:
    """The floods that come with the square, by name."""
    return {path.stem: parse(path.read_bytes(), networks) for path in sorted(FOLDER.glob("*.json"))}


def parse(content: bytes, networks: Collection[str]) -> Script:
    """A script; FloodRefused says what is wrong where. `networks` are those that the square speaks like."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise FloodRefused("file") from None
    if not isinstance(told, dict) or not isinstance(told.get("messages"), list):
        raise FloodRefused("file")
    title, language, about = (told.get(name, "") for name in ("title", "language", "about"))
    if not (isinstance(title, str) and 0 < len(title.strip()) <= LONGEST_TITLE):
        raise FloodRefused("title", what=LONGEST_TITLE)
    if not isinstance(language, str) or not 2 <= len(language) <= 3 or not isinstance(about, str):
        raise FloodRefused("file")
    if not 0 < len(told["messages"]) <= MOST:
        raise FloodRefused("count", what=MOST)
    steps = [_Reader(one, place, networks).step() for place, one in enumerate(told["messages"], 1)]
    return Script(title.strip(), language, about[:LONGEST_ABOUT], _in_order(steps))


def _in_order(steps: list[Step]) -> tuple[Step, ...]:
    """By time; a step speaks only of messages that were written before it."""
    places = {id(step): place for place, step in enumerate(steps, 1)}
    ordered = sorted(steps, key=lambda step: step.after)
    written: set[str] = set()
    for step in ordered:
        named = step.reply_to if step.does == "write" else step.label
        if named and named not in written:
            raise FloodRefused("label", place=places[id(step)], what=named)
        if step.does == "write" and step.label:
            if step.label in written:
                raise FloodRefused("twice", place=places[id(step)], what=step.label)
            written.add(step.label)
    return tuple(ordered)


class _Reader:
    """One message of the file."""

    def __init__(self, told: Any, place: int, networks: Collection[str]) -> None:
        self._told: dict[str, Any] = told if isinstance(told, dict) else {"": told}
        self._place = place
        self._networks = networks

    def step(self) -> Step:
        unknown = sorted(set(self._told) - KNOWN)
        if unknown:
            raise self._wrong("unknown", unknown[0])
        after = self._told.get("after")
        if isinstance(after, bool) or not isinstance(after, int | float) or not 0 <= after <= LATEST:
            raise self._wrong("after", LATEST)
        verbs = [verb for verb in ("edit", "delete") if verb in self._told]
        if len(verbs) > 1 or (verbs and {"by", "label", "reply_to"} & set(self._told)):
            raise self._wrong("verb")
        if verbs:
            text = self._text() if verbs == ["edit"] else ""
            return Step(float(after), verbs[0], label=self._word(verbs[0]), text=text)
        return self._written(float(after))

    def _written(self, after: float) -> Step:
        by = self._word("by").removeprefix("@")
        if not HANDLE.match(by):
            raise self._wrong("by")
        network = self._word("network")
        if network and network not in self._networks:
            raise self._wrong("network", network)
        return Step(
            after,
            "write",
            label=self._word("label"),
            by=by,
            name=self._word("name")[:60],
            text=self._text(),
            network=network,
            mention="*" if self._told.get("mention") is True else self._word("mention").removeprefix("@"),
            reply_to=self._word("reply_to"),
        )

    def _text(self) -> str:
        text = self._word("text").strip()
        if not 0 < len(text) <= LONGEST_TEXT:
            raise self._wrong("text", LONGEST_TEXT)
        return text

    def _word(self, name: str) -> str:
        value = self._told.get(name)
        return value if isinstance(value, str) else ""

    def _wrong(self, code: str, what: object = "") -> FloodRefused:
        return FloodRefused(code, place=self._place, what=what)
