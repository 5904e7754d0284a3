"""Who is on the square: citizens, and the organisations that they write to."""

from __future__ import annotations

import re
import sqlite3
import zlib
from dataclasses import dataclass

from simulator.store.database import Database, now_ms

HANDLE = re.compile(r"^[A-Za-z0-9_]{1,30}$")
COLOURS = ("#1d5c63", "#7a3e9d", "#9c4221", "#2f6f3e", "#8a2846", "#3b4cca", "#6b5b12", "#4a5568")


class HandleRefused(ValueError):
    """A handle is 1 to 30 letters, digits or underscores."""


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    handle: str
    name: str
    kind: str  # "citizen" or "organisation"
    colour: str
    note: str
    language: str
    created_ms: int

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper() or "?"


def _person(row: sqlite3.Row | None) -> Person | None:
    return Person(**{key: row[key] for key in row.keys()}) if row else None  # noqa: SIM118 - sqlite3.Row is no mapping


def create(
    db: Database, *, handle: str, name: str = "", kind: str = "citizen", language: str = "", note: str = ""
) -> Person:
    """The person called `handle`, made on first use; a later call with a name renames them."""
    handle = handle.strip().removeprefix("@")
    if not HANDLE.match(handle):
        raise HandleRefused(handle)
    with db.transaction() as connection:
        existing = by_handle(db, handle)
        if existing:
            connection.execute(
                "UPDATE people SET name = :name WHERE id = :id",
                {"name": name.strip() or existing.name, "id": existing.id},
            )
        else:
            identifier = db.new_id()
            connection.execute(
                "INSERT INTO people VALUES (:id, :handle, :name, :kind, :colour, :note, :language, :created_ms)",
                {
                    "id": identifier,
                    "handle": handle,
                    "name": name.strip() or handle,
                    "kind": "organisation" if kind == "organisation" else "citizen",
                    "colour": COLOURS[zlib.crc32(handle.lower().encode()) % len(COLOURS)],
                    "note": note,
                    "language": language,
                    "created_ms": now_ms(),
                },
            )
    person = by_handle(db, handle)
    assert person is not None
    return person


def by_id(db: Database, identifier: int | None) -> Person | None:
    return _person(db.row("SELECT * FROM people WHERE id = :id", {"id": identifier}))


def by_handle(db: Database, handle: str) -> Person | None:
    return _person(db.row("SELECT * FROM people WHERE handle = :handle", {"handle": handle.removeprefix("@")}))


def everyone(db: Database) -> list[Person]:
    """All people, citizens first, each kind by name."""
    found = (_person(row) for row in db.rows("SELECT * FROM people ORDER BY kind, name COLLATE NOCASE"))
    return [person for person in found if person]


def matching(db: Database, fragment: str, limit: int) -> list[Person]:
    """People whose handle or name holds `fragment`."""
    found = db.rows(
        """SELECT * FROM people WHERE instr(lower(handle), :part) OR instr(lower(name), :part)
           ORDER BY handle LIMIT :limit""",
        {"part": fragment.strip().lstrip("@").lower(), "limit": limit},
    )
    return [person for person in map(_person, found) if person]
