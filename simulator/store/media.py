"""Pictures that people upload, with the words that stand for them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from simulator.store.database import Database, now_ms


@dataclass(frozen=True, slots=True)
class Media:
    id: int
    person_id: int
    post_id: int | None
    mime: str
    alt: str | None
    focus: tuple[float, float] | None  # each -1 to 1
    width: int
    height: int
    size: int  # bytes


def _media(row: sqlite3.Row) -> Media:
    focus = None if row["focus_x"] is None else (row["focus_x"], row["focus_y"])
    return Media(
        row["id"],
        row["person_id"],
        row["post_id"],
        row["mime"],
        row["alt"],
        focus,
        row["width"],
        row["height"],
        row["size"],
    )


def create(
    db: Database, *, person_id: int, mime: str, content: bytes, size: tuple[int, int], alt: str | None,
    focus: tuple[float, float] | None,
) -> Media:  # fmt: skip
    identifier = db.new_id()
    with db.transaction() as connection:
        connection.execute(
            "INSERT INTO media VALUES (?, ?, NULL, 0, ?, ?, ?, ?, ?, ?, ?, ?)",
            (identifier, person_id, mime, alt, *(focus or (None, None)), *size, content, now_ms()),
        )
    return Media(identifier, person_id, None, mime, alt, focus, *size, len(content))


def by_id(db: Database, identifier: int) -> Media | None:
    row = db.row(
        """SELECT id, person_id, post_id, mime, alt, focus_x, focus_y, width, height, length(content) AS size
           FROM media WHERE id = :id""",
        {"id": identifier},
    )
    return _media(row) if row else None


def of_post(db: Database, post_id: int) -> list[Media]:
    rows = db.rows(
        """SELECT id, person_id, post_id, mime, alt, focus_x, focus_y, width, height, length(content) AS size
           FROM media WHERE post_id = :post ORDER BY position""",
        {"post": post_id},
    )
    return list(map(_media, rows))


def of_person(db: Database, person_id: int) -> list[Media]:
    """What somebody has sent on, the newest first."""
    rows = db.rows(
        """SELECT id, person_id, post_id, mime, alt, focus_x, focus_y, width, height, length(content) AS size
           FROM media WHERE person_id = :person AND post_id IS NOT NULL ORDER BY id DESC""",
        {"person": person_id},
    )
    return list(map(_media, rows))


def describe(db: Database, media: Media, *, alt: str | None, focus: tuple[float, float] | None) -> None:
    with db.transaction() as connection:
        connection.execute(
            "UPDATE media SET alt = ?, focus_x = ?, focus_y = ? WHERE id = ?", (alt, *(focus or (None, None)), media.id)
        )


def content(db: Database, identifier: int) -> bytes:
    row = db.row("SELECT content FROM media WHERE id = :id", {"id": identifier})
    return bytes(row["content"]) if row else b""
