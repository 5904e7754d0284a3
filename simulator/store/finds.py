"""Searching in what people wrote."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from simulator.store import posts
from simulator.store.database import Database
from simulator.store.posts import Post, Window

PART = re.compile(r'(-?)(?:"([^"]+)"|(\S+))')


@dataclass(frozen=True, slots=True)
class Query:
    """Every one of `wanted` and none of `unwanted`; each is a run of whole words, without case and accents."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    author: str | None


def parse(given: str) -> Query:
    """Words, "exact phrases", -exclusions and from:handle."""
    wanted: list[str] = []
    unwanted: list[str] = []
    author = None
    for minus, phrase, word in PART.findall(given):
        if word.lower().startswith("from:"):
            author = word[5:].lstrip("@").lower()
        elif run := posts.words(phrase or word).strip():
            (unwanted if minus else wanted).append(f" {run} ")
    return Query(tuple(wanted), tuple(unwanted), author)


def posts_matching(
    db: Database, query: Query, *, viewer_id: int, window: Window, offset: int = 0, person_id: int | None = None
) -> list[Post]:
    """Public posts, one's own, and those that mention one, newest first. A query that names nothing finds nothing."""
    if not query.wanted and not query.author:
        return []
    rows = db.rows(
        """SELECT id FROM posts p WHERE deleted_ms IS NULL AND id > :floor AND id < :ceiling AND created_ms <= :horizon
           AND :network IN ('', network) AND (visibility = 'public' OR person_id = :viewer
                OR EXISTS (SELECT 1 FROM mentions m WHERE m.post_id = p.id AND m.person_id = :viewer))
           AND (:person IS NULL OR person_id = :person)
           AND (:author IS NULL OR person_id = (SELECT id FROM people WHERE handle = :author))
           AND NOT EXISTS (SELECT 1 FROM json_each(:wanted) w WHERE instr(p.words, w.value) = 0)
           AND NOT EXISTS (SELECT 1 FROM json_each(:unwanted) u WHERE instr(p.words, u.value) > 0)
           ORDER BY id DESC LIMIT :limit OFFSET :offset""",
        {
            "floor": window.floor,
            "ceiling": window.ceiling,
            "horizon": window.horizon,
            "viewer": viewer_id,
            "person": person_id,
            "author": query.author,
            "wanted": json.dumps(query.wanted),
            "unwanted": json.dumps(query.unwanted),
            "limit": window.limit,
            "network": window.network,
            "offset": offset,
        },
    )
    return [post for row in rows if (post := posts.by_id(db, row["id"], viewer_id))]
