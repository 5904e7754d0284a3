"""What a caller wants to see: `id,message,comments.limit(5).filter(stream){id,from}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.dialects.graph import errors

NAME = re.compile(r"[A-Za-z_][\w]*")
DEEPEST = 6


@dataclass(frozen=True)
class Field:
    """One field with its modifiers, and what is wanted of what it holds."""

    name: str
    args: Mapping[str, str] = field(default_factory=dict)
    inner: tuple[Field, ...] = ()

    @property
    def shown_as(self) -> str:
        return self.args.get("as", self.name)

    def number(self, name: str, default: int) -> int:
        value = self.args.get(name, "")
        return int(value) if value.isdigit() and len(value) < 10 else default


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def take(self, sign: str) -> bool:
        found = self.peek() == sign
        self.place += found
        return found

    def fields(self, depth: int = 0) -> tuple[Field, ...]:
        if depth > DEEPEST:
            raise errors.invalid("Syntax error: too deep")
        found = [self.one(depth)]
        while self.take(","):
            found.append(self.one(depth))
        return tuple(found)

    def one(self, depth: int) -> Field:
        name, args = self.name(), {}
        while self.take("."):
            modifier = self.name()
            if not self.take("("):
                raise errors.invalid(f'Syntax error "Expected (" at character {self.place}: {self.text}')
            end = self.text.find(")", self.place)
            if end < 0:
                raise errors.invalid(f"Syntax error: unclosed bracket: {self.text}")
            args[modifier] = self.text[self.place : end]
            self.place = end + 1
        inner: tuple[Field, ...] = ()
        if self.take("{"):
            inner = self.fields(depth + 1)
            if not self.take("}"):
                raise errors.invalid(f'Syntax error "Expected }}" at character {self.place}: {self.text}')
        return Field(name, args, inner)

    def name(self) -> str:
        while self.take(" "):
            pass
        found = NAME.match(self.text, self.place)
        if not found:
            raise errors.invalid(f'Syntax error "Field name expected" at character {self.place}: {self.text}')
        self.place = found.end()
        return found.group()


def parse(text: str) -> tuple[Field, ...]:
    """The fields of a `fields` parameter; none where it is empty."""
    if not text.strip():
        return ()
    reader = _Reader(text)
    found = reader.fields()
    if reader.place != len(text):
        raise errors.invalid(f'Syntax error "Expected end of string" at character {reader.place}: {text}')
    return found


def names(text: str) -> tuple[Field, ...]:
    return tuple(Field(name) for name in text.split(","))


def pick(node: Mapping[str, Any], wanted: tuple[Field, ...], *, kind: str, default: str = "id") -> dict[str, Any]:
    """Of `node` what is wanted, and its id. What is null is left out, as the real API does.

    A value may be a function of the field that asks for it; then it cares for what is wanted inside by itself.
    """
    shown: dict[str, Any] = {}
    for one in wanted or names(default):
        if one.name not in node:
            raise errors.no_such_field(one.name, kind)
        value = node[one.name]
        if callable(value):
            value = value(one)
        elif one.inner and isinstance(value, Mapping):
            value = {part.name: value[part.name] for part in one.inner if part.name in value}
        if value is not None:
            shown[one.shown_as] = value
    return shown | ({"id": node["id"]} if "id" in node else {})
