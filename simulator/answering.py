"""Which messages of citizens concern an organisation, and which answer came first to each."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.store import people, posts
from simulator.store.database import Database
from simulator.store.people import Person
from simulator.store.posts import Post

# Names an organisation, or answers one.
CONCERNING = """
SELECT p.id FROM posts p JOIN people author ON author.id = p.person_id AND author.kind <> 'organisation'
WHERE p.deleted_ms IS NULL AND (
    EXISTS (SELECT 1 FROM people o WHERE o.id = p.reply_to_person AND o.kind = 'organisation')
    OR EXISTS (SELECT 1 FROM mentions m JOIN people o ON o.id = m.person_id AND o.kind = 'organisation'
               WHERE m.post_id = p.id))
ORDER BY p.created_ms DESC, p.id DESC LIMIT :most
"""
# An organisation's answer to the message, or to a later one of the same citizen in answer to their own.
ANSWER = """
WITH RECURSIVE own(id) AS (
    SELECT :id UNION SELECT p.id FROM posts p JOIN own ON p.reply_to = own.id
    WHERE p.person_id = :person AND p.deleted_ms IS NULL
)
SELECT a.id FROM posts a JOIN people o ON o.id = a.person_id AND o.kind = 'organisation'
WHERE a.reply_to IN (SELECT id FROM own) AND a.deleted_ms IS NULL ORDER BY a.created_ms, a.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A citizen's message; `minutes` from it to the first answer, and `answerer`, are None while it waits."""

    post: Post
    author: Person
    minutes: float | None
    answerer: Person | None


def asked(db: Database, most: int) -> list[Asked]:
    """The newest `most` messages of citizens to organisations, newest first."""
    found = []
    for row in db.rows(CONCERNING, {"most": most}):
        post = posts.by_id(db, row["id"])
        author = people.by_id(db, post.person_id) if post else None
        if post and author:
            found.append(_answered(db, post, author))
    return found


def _answered(db: Database, post: Post, author: Person) -> Asked:
    row = db.row(ANSWER, {"id": post.id, "person": author.id})
    answer = posts.by_id(db, row["id"]) if row else None
    if answer is None:
        return Asked(post, author, None, None)
    minutes = max(0.0, (answer.created_ms - post.created_ms) / 60_000)
    return Asked(post, author, minutes, people.by_id(db, answer.person_id))
