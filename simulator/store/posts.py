"""What people write, and who may see it."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.store import notifications
from simulator.store.database import Database, now_ms

MENTION = re.compile(r"(?<![\w/=])@([A-Za-z0-9_]{1,30})(?:@[\w.\-]+(?::\d+)?)?(?!\w)")
URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'’»]")
HASHTAG = re.compile(r"(?<![\w/#])#(\w*[^\W\d_]\w*)")
IDEMPOTENCY_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Post:
    id: int
    person_id: int
    text: str
    spoiler: str
    language: str | None
    visibility: str  # public, unlisted, private or direct
    sensitive: bool
    reply_to: int | None  # None again once the parent is deleted
    reply_to_person: int | None
    app_id: int | None
    created_ms: int
    deleted_ms: int | None
    network: str = "mastodon"  # the dialect that it was written in
    edited_ms: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)  # what one dialect alone keeps: a title, a link, a kind


@dataclass(frozen=True, slots=True)
class Window:
    """A slice of a list by identifier. `min_id` takes the items just above it, `since_id` the newest above it.

    `until_ms` hides what was written later: a list that lags behind. An empty `network` means all of them.
    """

    limit: int
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None
    until_ms: int | None = None
    network: str = ""

    @property
    def floor(self) -> int:
        return max(self.since_id or 0, self.min_id or 0)

    @property
    def ceiling(self) -> int:
        return 2**63 - 1 if self.max_id is None else self.max_id

    @property
    def direction(self) -> int:
        """1 when the slice is read upwards from `min_id`, -1 when downwards from the newest."""
        return -1 if self.min_id is None else 1

    @property
    def horizon(self) -> int:
        return 2**63 - 1 if self.until_ms is None else self.until_ms


def words(text: str) -> str:
    """The words of a text without case and accents, each between spaces, for searching."""
    flat = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return " " + " ".join(re.findall(r"\w+", flat)) + " "


def hashtags(text: str) -> list[str]:
    """Tags in lower case, each once, in order; what follows a # inside an address is none."""
    return list(dict.fromkeys(tag.lower() for tag in HASHTAG.findall(URL.sub(" ", text))))


def _post(row: sqlite3.Row) -> Post:
    return Post(
        id=row["id"],
        person_id=row["person_id"],
        text=row["text"],
        spoiler=row["spoiler"],
        language=row["language"],
        visibility=row["visibility"],
        sensitive=bool(row["sensitive"]),
        reply_to=row["reply_to"],
        reply_to_person=row["reply_to_person"],
        app_id=row["app_id"],
        created_ms=row["created_ms"],
        deleted_ms=row["deleted_ms"],
        network=row["network"],
        edited_ms=row["edited_ms"],
        extra=json.loads(row["extra"]),
    )


def draft(
    *, person_id: int, text: str, language: str | None = None, visibility: str = "public", reply_to: Post | None = None,
    spoiler: str = "", sensitive: bool = False, app_id: int | None = None, at_ms: int | None = None,
    network: str = "mastodon", extra: dict[str, Any] | None = None,
) -> Post:  # fmt: skip
    """A post that is not on the square yet; `create` gives it its identifier."""
    return Post(
        id=0,
        person_id=person_id,
        text=text,
        spoiler=spoiler,
        language=language,
        visibility=visibility,
        sensitive=sensitive,
        reply_to=reply_to.id if reply_to else None,
        reply_to_person=reply_to.person_id if reply_to else None,
        app_id=app_id,
        created_ms=at_ms or 0,
        deleted_ms=None,
        network=network,
        extra=extra or {},
    )


def create(db: Database, post: Post, media_ids: tuple[int, ...] = ()) -> Post:
    """Put a draft on the square, with its media, and tell everyone whom it mentions. One transaction."""
    with db.transaction() as connection:
        post = _insert(db, connection, post)
        for position, media_id in enumerate(media_ids):
            connection.execute("UPDATE media SET post_id = ?, position = ? WHERE id = ?", (post.id, position, media_id))
    db.announce("written", post)
    return post


def create_many(db: Database, drafts: list[Post]) -> list[Post]:
    """Put thousands of drafts on the square at once. One transaction."""
    with db.transaction() as connection:
        made = [_insert(db, connection, post) for post in drafts]
    db.announce("written", *made)
    return made


def _insert(db: Database, connection: sqlite3.Connection, post: Post) -> Post:
    past = post.created_ms or (now_ms() - db.late_ms if db.late_ms else None)
    post = replace(post, id=db.new_id(past), created_ms=past or now_ms())
    connection.execute(
        "INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, NULL, ?)",
        (
            post.id, post.person_id, post.text, words(post.spoiler + " " + post.text), post.spoiler, post.language,
            post.visibility, int(post.sensitive), post.reply_to, post.reply_to_person, post.app_id, post.created_ms,
            post.network, json.dumps(post.extra),
        ),
    )  # fmt: skip
    for tag in hashtags(post.text):
        connection.execute("INSERT INTO tags VALUES (?, ?)", (tag, post.id))
    for handle in dict.fromkeys(found.lower() for found in MENTION.findall(post.text)):
        row = connection.execute("SELECT id FROM people WHERE handle = ?", (handle,)).fetchone()
        if row:
            connection.execute("INSERT OR IGNORE INTO mentions VALUES (?, ?)", (post.id, row["id"]))
            if row["id"] != post.person_id:
                notifications.add(db, connection, person_id=row["id"], kind="mention", post=post)
    return post


def delete(db: Database, post: Post) -> None:
    """Take a post away; replies to it stay and lose their parent, as on the real network."""
    with db.transaction() as connection:
        gone = connection.execute(
            "UPDATE posts SET deleted_ms = ? WHERE id = ? AND deleted_ms IS NULL", (now_ms(), post.id)
        ).rowcount
        connection.execute("DELETE FROM notifications WHERE post_id = ?", (post.id,))
        connection.execute("UPDATE posts SET reply_to = NULL WHERE reply_to = ?", (post.id,))
    if gone:
        db.announce("deleted", post)


def edit(db: Database, post: Post, text: str) -> None:
    """The author writes it anew, with what `post.extra` holds by now; who was mentioned stays told."""
    with db.transaction() as connection:
        connection.execute(
            "UPDATE posts SET text = ?, words = ?, edited_ms = ?, extra = ? WHERE id = ? AND deleted_ms IS NULL",
            (text, words(post.spoiler + " " + text), now_ms(), json.dumps(post.extra), post.id),
        )
    if changed := by_id(db, post.id, post.person_id):
        db.announce("edited", changed)


def by_id(db: Database, identifier: int, viewer_id: int | None = None, *, network: str = "") -> Post | None:
    """A post that `viewer_id` may see (None: anyone), not deleted; on `network` alone where it is given."""
    row = db.row(
        """SELECT * FROM posts p WHERE id = :id AND deleted_ms IS NULL AND :network IN ('', network)
           AND (visibility IN ('public', 'unlisted') OR person_id = :viewer
           OR EXISTS (SELECT 1 FROM mentions m WHERE m.post_id = p.id AND m.person_id = :viewer))""",
        {"id": identifier, "viewer": viewer_id, "network": network},
    )
    return _post(row) if row else None


def by_person(
    db: Database, person_id: int, viewer_id: int | None, window: Window, *, replies: bool = True, media: bool = False
) -> list[Post]:
    """A person's posts, newest first."""
    rows = db.rows(
        """SELECT * FROM posts p WHERE person_id = :person AND deleted_ms IS NULL AND id > :floor AND id < :ceiling
           AND created_ms <= :horizon AND :network IN ('', network) AND (:replies OR reply_to IS NULL)
           AND (NOT :media OR EXISTS (SELECT 1 FROM media a WHERE a.post_id = p.id))
           AND (visibility IN ('public', 'unlisted') OR person_id = :viewer
                OR EXISTS (SELECT 1 FROM mentions m WHERE m.post_id = p.id AND m.person_id = :viewer))
           ORDER BY id * :direction LIMIT :limit""",
        {"person": person_id, "viewer": viewer_id, "replies": replies, "media": media, **_bounds(window)},
    )
    return sorted(map(_post, rows), key=lambda post: -post.id)


def public(db: Database, window: Window, *, tag: str | None = None) -> list[Post]:
    """The public timeline, newest first; with `tag`, only posts that carry it."""
    rows = db.rows(
        """SELECT * FROM posts WHERE visibility = 'public' AND deleted_ms IS NULL AND id > :floor AND id < :ceiling
           AND created_ms <= :horizon AND :network IN ('', network)
           AND (:tag IS NULL OR id IN (SELECT post_id FROM tags WHERE tag = :tag))
           ORDER BY id * :direction LIMIT :limit""",
        {"tag": tag.lower() if tag else None, **_bounds(window)},
    )
    return sorted(map(_post, rows), key=lambda post: -post.id)


def _bounds(window: Window) -> dict[str, int | str]:
    return {
        "floor": window.floor,
        "ceiling": window.ceiling,
        "direction": window.direction,
        "horizon": window.horizon,
        "limit": window.limit,
        "network": window.network,
    }


def ancestors(db: Database, post: Post, viewer_id: int | None) -> list[Post]:
    """From the first post of the thread down to the parent."""
    chain: list[Post] = []
    while post.reply_to and (parent := by_id(db, post.reply_to, viewer_id)):
        chain.insert(0, parent)
        post = parent
    return chain


def descendants(db: Database, post: Post, viewer_id: int | None) -> list[Post]:
    """All replies below, each right after what it answers, oldest first."""
    found: list[Post] = []
    for row in db.rows("SELECT id FROM posts WHERE reply_to = :id ORDER BY id", {"id": post.id}):
        reply = by_id(db, row["id"], viewer_id)
        if reply:
            found += [reply, *descendants(db, reply, viewer_id)]
    return found


def with_text(db: Database, text: str | None, *, deleted: bool = False) -> list[Post]:
    """Posts whose text is exactly `text` (None: all), oldest first."""
    rows = db.rows(
        """SELECT * FROM posts WHERE (:text IS NULL OR text = :text) AND (:deleted OR deleted_ms IS NULL)
           ORDER BY id""",
        {"text": text, "deleted": deleted},
    )
    return list(map(_post, rows))


def remembered(db: Database, person_id: int, key: str) -> Post | None:
    """The post that this Idempotency-Key made within the last hour."""
    row = db.row(
        "SELECT post_id FROM idempotency WHERE person_id = :person AND key = :key AND stored_ms > :since",
        {"person": person_id, "key": key, "since": now_ms() - IDEMPOTENCY_MS},
    )
    return by_id(db, row["post_id"], person_id) if row else None


def remember(db: Database, person_id: int, key: str, post: Post) -> None:
    with db.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?)", (person_id, key, post.id, now_ms())
        )


def favour(db: Database, post: Post, person_id: int) -> None:
    with db.transaction() as connection:
        made = connection.execute("INSERT OR IGNORE INTO favourites VALUES (?, ?)", (post.id, person_id)).rowcount
        if made and person_id != post.person_id:
            liked = replace(post, created_ms=now_ms())
            notifications.add(db, connection, person_id=post.person_id, kind="favourite", post=liked, from_id=person_id)


def unfavour(db: Database, post: Post, person_id: int) -> None:
    with db.transaction() as connection:
        connection.execute("DELETE FROM favourites WHERE post_id = ? AND person_id = ?", (post.id, person_id))


@dataclass(frozen=True, slots=True)
class Counts:
    replies: int
    favourites: int
    favoured: bool  # by the viewer


def counts(db: Database, post: Post, viewer_id: int | None) -> Counts:
    row = db.row(
        """SELECT (SELECT count(*) FROM posts WHERE reply_to = :id AND deleted_ms IS NULL) AS replies,
           (SELECT count(*) FROM favourites WHERE post_id = :id) AS favourites,
           (SELECT count(*) FROM favourites WHERE post_id = :id AND person_id = :viewer) AS favoured""",
        {"id": post.id, "viewer": viewer_id},
    )
    assert row is not None
    return Counts(row["replies"], row["favourites"], bool(row["favoured"]))


def mentioned_ids(db: Database, post: Post) -> list[int]:
    return [row["person_id"] for row in db.rows("SELECT person_id FROM mentions WHERE post_id = :id", {"id": post.id})]
