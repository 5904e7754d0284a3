"""The one SQLite file, its tables, and the clock that gives out identifiers."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.store.posts import Post

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY, handle TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL, kind TEXT NOT NULL,
    colour TEXT NOT NULL, note TEXT NOT NULL, language TEXT NOT NULL, created_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS apps (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, website TEXT, redirect_uris TEXT NOT NULL, scopes TEXT NOT NULL,
    client_id TEXT NOT NULL UNIQUE, client_secret TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY, app_id INTEGER NOT NULL, person_id INTEGER NOT NULL, redirect_uri TEXT NOT NULL,
    scopes TEXT NOT NULL, challenge TEXT, created_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, app_id INTEGER, person_id INTEGER, scopes TEXT NOT NULL, created_ms INTEGER NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0, expires_ms INTEGER, refresh TEXT
);
CREATE TABLE IF NOT EXISTS posts (
    id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, text TEXT NOT NULL, words TEXT NOT NULL, spoiler TEXT NOT NULL,
    language TEXT, visibility TEXT NOT NULL, sensitive INTEGER NOT NULL, reply_to INTEGER, reply_to_person INTEGER,
    app_id INTEGER, created_ms INTEGER NOT NULL, deleted_ms INTEGER,
    network TEXT NOT NULL DEFAULT 'mastodon', edited_ms INTEGER, extra TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS posts_by_person ON posts (person_id, id);
CREATE INDEX IF NOT EXISTS posts_by_parent ON posts (reply_to);
CREATE INDEX IF NOT EXISTS posts_by_text ON posts (text);
CREATE TABLE IF NOT EXISTS mentions (
    post_id INTEGER NOT NULL, person_id INTEGER NOT NULL, PRIMARY KEY (post_id, person_id)
);
CREATE TABLE IF NOT EXISTS tags (tag TEXT NOT NULL, post_id INTEGER NOT NULL, PRIMARY KEY (tag, post_id));
CREATE TABLE IF NOT EXISTS favourites (
    post_id INTEGER NOT NULL, person_id INTEGER NOT NULL, PRIMARY KEY (post_id, person_id)
);
CREATE TABLE IF NOT EXISTS media (
    id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, post_id INTEGER, position INTEGER NOT NULL DEFAULT 0,
    mime TEXT NOT NULL, alt TEXT, focus_x REAL, focus_y REAL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    content BLOB NOT NULL, created_ms INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS media_by_post ON media (post_id);
CREATE TABLE IF NOT EXISTS notifications (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person_id INTEGER NOT NULL, kind TEXT NOT NULL, from_id INTEGER NOT NULL,
    post_id INTEGER, created_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS notifications_by_person ON notifications (person_id, id);
CREATE TABLE IF NOT EXISTS idempotency (
    person_id INTEGER NOT NULL, key TEXT NOT NULL, post_id INTEGER NOT NULL, stored_ms INTEGER NOT NULL,
    PRIMARY KEY (person_id, key)
);
CREATE TABLE IF NOT EXISTS things (
    id INTEGER PRIMARY KEY, network TEXT NOT NULL, kind TEXT NOT NULL, person_id INTEGER, data TEXT NOT NULL,
    content BLOB, created_ms INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS things_by_kind ON things (network, kind, id);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, spec TEXT NOT NULL, drawn INTEGER NOT NULL DEFAULT 0,
    fired INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    query TEXT NOT NULL, person TEXT, status INTEGER NOT NULL, answered INTEGER NOT NULL, fault TEXT,
    idempotency_key TEXT, created TEXT, took_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS told (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, network TEXT NOT NULL, person TEXT NOT NULL,
    happening TEXT NOT NULL, post_id INTEGER NOT NULL, url TEXT NOT NULL, status INTEGER NOT NULL,
    problem TEXT NOT NULL, took_ms INTEGER NOT NULL
);
"""

# Columns that a file made by an older version may lack.
ADDED = (
    ("posts", "network", "TEXT NOT NULL DEFAULT 'mastodon'"),
    ("posts", "edited_ms", "INTEGER"),
    ("posts", "extra", "TEXT NOT NULL DEFAULT '{}'"),
    ("tokens", "expires_ms", "INTEGER"),
    ("tokens", "refresh", "TEXT"),
)

TABLES = (
    "people",
    "apps",
    "codes",
    "tokens",
    "posts",
    "mentions",
    "tags",
    "favourites",
    "media",
    "notifications",
    "idempotency",
    "things",
    "faults",
    "journal",
    "told",
)

Value = str | int | float | bytes | None
Values = Mapping[str, Value]


def now_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


class Database:
    """One connection behind one lock: writers never wait for each other inside SQLite, and readers see whole writes.

    WAL with `synchronous=NORMAL`: what `transaction` committed survives a kill of the process, and may be lost when the
    whole machine loses power, which a training network can bear.
    """

    def __init__(self, path: Path | None) -> None:
        """Open (and create) the file at `path`; None keeps everything in memory."""
        self.lock = threading.RLock()
        self.manners: set[str] = set()  # ways of some of a network's servers, or of another year
        self.late_ms = 0  # how long after its time a message shows, behind what was written meanwhile
        self.listeners: list[Callable[[str, Post], None]] = []
        self.connection = sqlite3.connect(
            str(path) if path else ":memory:", check_same_thread=False, isolation_level=None, timeout=30
        )
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self.connection.executescript(SCHEMA)
        self._complete()
        self.last_id = max(
            self.value(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 - names written here
            for table in ("posts", "media", "things", "notifications")
        )

    def _complete(self) -> None:
        for table, column, kind in ADDED:
            known = {row["name"] for row in self.rows(f"PRAGMA table_info({table})")}
            if column not in known:
                self.connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; committed when the block ends."""
        with self.lock:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def rows(self, sql: str, values: Values | None = None) -> list[sqlite3.Row]:
        with self.lock:
            return self.connection.execute(sql, values or {}).fetchall()

    def row(self, sql: str, values: Values | None = None) -> sqlite3.Row | None:
        found = self.rows(sql, values)
        return found[0] if found else None

    def value(self, sql: str, values: Values | None = None) -> int:
        """The one whole number that `sql` asks for."""
        row = self.row(sql, values)
        return int(row[0]) if row else 0

    def announce(self, happening: str, *posts: Post) -> None:
        """Tells whoever listens what became of posts; after the transaction that did it."""
        for listener in self.listeners:
            for post in posts:
                listener(happening, post)

    def new_id(self, at_ms: int | None = None) -> int:
        """A number that grows with time: milliseconds shifted by 16 bits. `at_ms` names a moment past."""
        with self.lock:
            if at_ms is not None:
                return (at_ms << 16) + secrets.randbelow(1 << 16)
            self.last_id = max(now_ms() << 16, self.last_id + 1)
            return self.last_id

    def wipe(self) -> None:
        """Forget everything."""
        self.late_ms = 0
        self.manners.clear()
        with self.transaction() as connection:
            for table in TABLES:
                connection.execute("DELETE FROM " + table)  # noqa: S608 - names from the tuple above

    def close(self) -> None:
        with self.lock:
            self.connection.close()
