"""What a dialect keeps besides people and posts: upload sessions, containers, captions, subscriptions."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from simulator.store.database import Database, now_ms


@dataclass(frozen=True, slots=True)
class Thing:
    """`data` is JSON of the dialect's own; `content` bytes that were uploaded. `kind` says what it is."""

    id: int
    network: str
    kind: str
    person_id: int | None
    data: dict[str, Any]
    created_ms: int
    content: bytes = field(default=b"", repr=False)


def _thing(row: sqlite3.Row) -> Thing:
    return Thing(
        id=row["id"],
        network=row["network"],
        kind=row["kind"],
        person_id=row["person_id"],
        data=json.loads(row["data"]),
        created_ms=row["created_ms"],
        content=bytes(row["content"] or b""),
    )


def add(
    db: Database, *, network: str, kind: str, person_id: int | None = None, data: dict[str, Any], content: bytes = b""
) -> Thing:
    identifier, at = db.new_id(), now_ms()
    with db.transaction() as connection:
        connection.execute(
            "INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?)",
            (identifier, network, kind, person_id, json.dumps(data), content, at),
        )
    return Thing(identifier, network, kind, person_id, data, at, content)


def by_id(db: Database, identifier: int, *, network: str, kind: str) -> Thing | None:
    row = db.row(
        "SELECT * FROM things WHERE id = :id AND network = :network AND kind = :kind",
        {"id": identifier, "network": network, "kind": kind},
    )
    return _thing(row) if row else None


def of(db: Database, *, network: str, kind: str, person_id: int | None = None) -> list[Thing]:
    """All of a kind, oldest first; a person's own where one is given."""
    rows = db.rows(
        """SELECT * FROM things WHERE network = :network AND kind = :kind
           AND (:person IS NULL OR person_id = :person) ORDER BY id""",
        {"network": network, "kind": kind, "person": person_id},
    )
    return [_thing(row) for row in rows]


def change(db: Database, thing: Thing, *, data: dict[str, Any], content: bytes | None = None) -> None:
    """New data, and new bytes where they are given."""
    with db.transaction() as connection:
        connection.execute(
            "UPDATE things SET data = ?, content = coalesce(?, content) WHERE id = ?",
            (json.dumps(data), content, thing.id),
        )


def remove(db: Database, thing: Thing) -> None:
    with db.transaction() as connection:
        connection.execute("DELETE FROM things WHERE id = ?", (thing.id,))
