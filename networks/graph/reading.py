"""What Facebook's and Instagram's JSON share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from networks.addresses import taken_apart
from networks.answers import list_of
from networks.sameness import same_words

Json = Mapping[str, Any]

TIMED = "?"
PLACES = ("until", "__paging_token", "offset")
DIGITS = re.compile(r"\d+")


def read_instant(value: Any) -> datetime:
    """An aware UTC instant ("2026-11-20T09:00:00+0000"; whole seconds); ValueError where it is none."""
    found = datetime.fromisoformat(str(value))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def read_id(told: Json) -> str:
    """The id of what a call made or showed; ValueError where the answer is JSON but nothing with an id."""
    if not isinstance(told, Mapping) or not told.get("id"):
        raise ValueError("nothing with an id")
    return str(told["id"])


def next_cursor(told: Json) -> str:
    """Where a list goes on, or nothing. Lists by time have no cursor: their `next` address is taken apart for it.

    The address itself is never followed.
    """
    paging = told.get("paging") or {}
    if not paging.get("next"):
        return ""
    after = (paging.get("cursors") or {}).get("after")
    if after:
        return str(after)
    asked = parse_qsl(taken_apart(str(paging["next"])).query)
    return TIMED + urlencode([(name, value) for name, value in asked if name in PLACES])


def place(cursor: str) -> dict[str, str]:
    """The parameters that ask for what `next_cursor` named."""
    if cursor.startswith(TIMED):
        return dict(parse_qsl(cursor.removeprefix(TIMED)))
    return {"after": cursor} if cursor else {}


def listed(told: Json) -> list[Any]:
    """The items of a list; none where the edge is absent, as Graph leaves out what is empty."""
    return list_of(told, "data") if told and told.get("data") is not None else []


def members(told: Json) -> list[Any]:
    """The items of a list that was asked for by itself. KeyError or TypeError where the answer is none."""
    return list_of(told, "data")


def may_go_on(told: Json, limit: int) -> bool:
    """Whether the list is full and the answer does not say whether more follows."""
    return len(members(told)) >= limit and "paging" not in told


def words_alike(ours: str, told: Json, name: str) -> bool | None:
    """Whether the words `name` are ours; None where the answer has none: Graph leaves out what is empty."""
    words = told.get(name)
    return same_words(ours, words) if isinstance(words, str) else None


def total(told: Json, edge: str) -> int | None:
    """The whole number of what hangs at `edge`, from its summary; None where the network did not tell."""
    count = ((told.get(edge) or {}).get("summary") or {}).get("total_count")
    return count if isinstance(count, int) else None


def insight(told: Json) -> int | None:
    """The latest value of one insight, of whichever of the two shapes; None where there is none yet."""
    whole = (told.get("total_value") or {}).get("value")
    if isinstance(whole, int):
        return whole
    values = [value.get("value") for value in told.get("values") or ()]
    return values[-1] if values and isinstance(values[-1], int) else None


def serial(identifier: str) -> int:
    """What grows from one message to the next within a second: the last number in an id."""
    found = DIGITS.findall(identifier)
    return int(found[-1]) if found else 0
