"""What Facebook's and Instagram's JSON share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

Json = Mapping[str, Any]

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
    """Where a list goes on, or nothing: `next` says whether it does, the cursor where. No address is followed."""
    paging = told.get("paging") or {}
    cursors = paging.get("cursors") or {}
    return str(cursors.get("after") or "") if paging.get("next") else ""


def listed(told: Json) -> list[Any]:
    """The items of a list; none where the edge is absent, as Graph leaves out what is empty."""
    return list(told.get("data") or ()) if told else []


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


def same_words(ours: str, theirs: str) -> bool:
    """Whether what we sent and what is read back are one text, whatever became of its white space."""
    return _comparable(ours) == _comparable(theirs)


def _comparable(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def serial(identifier: str) -> int:
    """What grows from one message to the next within a second: the last number in an id."""
    found = DIGITS.findall(identifier)
    return int(found[-1]) if found else 0


def host_of(url: str) -> str:
    try:
        return (urlsplit(url.strip()).netloc or "").casefold()
    except ValueError:
        return ""
