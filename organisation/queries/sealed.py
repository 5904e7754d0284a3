"""The events as they are hashed, exported and verified: one reading of them for all three."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db import connection

from organisation.verifier import FIELDS

_EVENT = ", ".join(f"event.{name}" for name in FIELDS)


def unsealed_events(*, above: int, at_most: int) -> list[dict[str, Any]]:
    """The committed events with a number above `above` that have no place in the tree yet, by their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_EVENT} FROM organisation_auditevent event WHERE event.sequence > %s AND NOT EXISTS"  # noqa: S608
            " (SELECT 1 FROM organisation_auditleaf leaf WHERE leaf.sequence = event.sequence)"
            " ORDER BY event.sequence LIMIT %s",
            [above, at_most],
        )
        return [_event(row) for row in cursor.fetchall()]


def all_events() -> Iterator[dict[str, Any]]:
    """The sealed by their `position`, then those that have none yet by their number. One picture of the trail, read
    piece by piece."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {_EVENT}, leaf.position FROM organisation_auditevent event"  # noqa: S608
            " LEFT JOIN organisation_auditleaf leaf ON leaf.sequence = event.sequence"
            " ORDER BY leaf.position NULLS LAST, event.sequence"
        )
        for row in cursor:
            yield {"position": row[-1], **_event(row[:-1])}


def _event(row: tuple[Any, ...]) -> dict[str, Any]:
    event = dict(zip(FIELDS, row, strict=True))
    event["occurred_at"] = event["occurred_at"].astimezone(UTC).isoformat(timespec="microseconds")
    event["details"] = json.loads(event["details"])
    return event
