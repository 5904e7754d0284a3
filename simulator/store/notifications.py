"""What the network tells a person: somebody mentioned them, or liked what they wrote."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.store.database import Database, now_ms

if TYPE_CHECKING:
    from simulator.store.posts import Post, Window


@dataclass(frozen=True, slots=True)
class Notification:
    id: int
    person_id: int
    kind: str  # "mention" or "favourite"
    from_id: int
    post_id: int | None
    created_ms: int
    seen_ms: int  # when the network made it known; differs from created_ms where a post was dated back


def add(
    db: Database, connection: sqlite3.Connection, *, person_id: int, kind: str, post: Post, from_id: int | None = None
) -> None:
    """Inside the transaction that caused it. Where the square tells late, behind what it told meanwhile."""
    late = db.late_ms
    seen = now_ms() - late
    connection.execute(
        """INSERT INTO notifications (id, person_id, kind, from_id, post_id, created_ms, seen_ms)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (
            db.new_id(seen if late else None), person_id, kind, from_id or post.person_id, post.id, post.created_ms,
            seen,
        ),
    )  # fmt: skip


def tell_again(db: Database, post_id: int) -> None:
    """The network tells of a post a second time, as networks do."""
    with db.transaction() as connection:
        told = connection.execute("SELECT * FROM notifications WHERE post_id = ?", (post_id,)).fetchall()
        for one in told:
            connection.execute(
                """INSERT INTO notifications (id, person_id, kind, from_id, post_id, created_ms, seen_ms)
                   VALUES (?, ?, ?, ?, ?, ?, ?)""",
                (db.new_id(), one["person_id"], one["kind"], one["from_id"], post_id, one["created_ms"], now_ms()),
            )


def of(
    db: Database, person_id: int, window: Window, *, kinds: list[str], without: list[str], from_id: int | None = None
) -> list[Notification]:
    """A person's notifications, newest first. No `kinds` means all of them."""
    rows = db.rows(
        """SELECT * FROM notifications WHERE person_id = :person AND id > :floor AND id < :ceiling
           AND seen_ms <= :horizon
           AND (:network = '' OR EXISTS (SELECT 1 FROM posts p WHERE p.id = post_id AND p.network = :network))
           AND (:from_id IS NULL OR from_id = :from_id)
           AND (:kinds = '[]' OR kind IN (SELECT value FROM json_each(:kinds)))
           AND kind NOT IN (SELECT value FROM json_each(:without))
           ORDER BY id * :direction LIMIT :limit""",
        {
            "person": person_id,
            "floor": window.floor,
            "ceiling": window.ceiling,
            "horizon": window.horizon,
            "direction": window.direction,
            "limit": window.limit,
            "network": window.network,
            "from_id": from_id,
            "kinds": json.dumps(kinds),
            "without": json.dumps(without),
        },
    )
    return sorted((Notification(*tuple(row)) for row in rows), key=lambda notification: -notification.id)


def one(db: Database, person_id: int, identifier: int) -> Notification | None:
    row = db.row(
        "SELECT * FROM notifications WHERE id = :id AND person_id = :person", {"id": identifier, "person": person_id}
    )
    return Notification(*tuple(row)) if row else None


def dismiss(db: Database, person_id: int, identifier: int | None = None) -> None:
    """Forget one of a person's notifications, or all of them."""
    with db.transaction() as connection:
        connection.execute(
            "DELETE FROM notifications WHERE person_id = :person AND (:id IS NULL OR id = :id)",
            {"person": person_id, "id": identifier},
        )
