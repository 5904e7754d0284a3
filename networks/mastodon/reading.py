"""From Mastodon's JSON to the port's values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from networks.mastodon.text import plain
from networks.types import Author, Incoming, Kind, PostRef

Json = Mapping[str, Any]


def read_ref(status: Json) -> PostRef:
    return PostRef(id=str(status["id"]), url=str(status.get("url") or status.get("uri") or ""))


def read_status(status: Json, kind: Kind) -> Incoming:
    """A status as a message. `created_at` is the server's own time."""
    parent = status.get("in_reply_to_id")
    return Incoming(
        ref=read_ref(status),
        kind=kind,
        author=read_author(status["account"]),
        text=plain(str(status.get("content") or "")),
        created_at=read_instant(status["created_at"]),
        language=str(status.get("language") or ""),
        parent=PostRef(id=str(parent)) if parent else None,
    )


def read_author(account: Json) -> Author:
    return Author(
        id=str(account["id"]),
        handle=str(account["acct"]),
        name=str(account.get("display_name") or ""),
        url=str(account.get("url") or ""),
    )


def read_instant(value: Any) -> datetime:
    """An aware UTC instant; ValueError where it is none."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
