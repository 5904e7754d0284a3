"""What is heard: streams, watches, sources."""

from __future__ import annotations

from tests.architecture.rows import (
    CONVERSATIONS,
    EVERYONE,
    MENTIONS,
    PUBLIC,
    WATCHES,
    Row,
    roles,
    rows,
)


def _inbox(
    names: str, methods: str, may: frozenset[str], thing: str = "", sees: frozenset[str] = MENTIONS
) -> list[Row]:
    return rows(names, methods, may, sees=sees if thing else EVERYONE, thing=thing, room="monitoring")


_PAGES = [
    *_inbox("stream_list", "GET", MENTIONS),
    *_inbox("watch_list", "GET", WATCHES),
    *_inbox("watch_new", "GET POST", roles(CONVERSATIONS)),
    *_inbox("watch_detail", "GET", WATCHES, "watch", WATCHES),
    *_inbox("watch_edit", "GET POST", roles(CONVERSATIONS), "watch", WATCHES),
    *_inbox("watch_activate watch_end", "POST", roles(CONVERSATIONS), "watch", WATCHES),
    *_inbox("source_list entry_list", "GET", WATCHES),
    *_inbox("source_new", "GET POST", roles(CONVERSATIONS)),
    *_inbox("source_detail", "GET", WATCHES, "source", WATCHES),
    *_inbox("source_edit", "GET POST", roles(CONVERSATIONS), "source", WATCHES),
    *_inbox("source_pause source_resume source_end", "POST", roles(CONVERSATIONS), "source", WATCHES),
    *rows("webhook", "GET POST", PUBLIC, thing="webhook", room="monitoring"),
]

_API = [
    *rows("watch-list source-list entry-list", "GET", WATCHES),
    *rows("watch-list source-list", "POST", roles(CONVERSATIONS)),
    *rows("watch-detail", "GET", WATCHES, sees=WATCHES, thing="watch"),
    *rows("watch-detail", "PATCH", roles(CONVERSATIONS), sees=WATCHES, thing="watch"),
    *rows("watch-activate watch-end", "POST", roles(CONVERSATIONS), sees=WATCHES, thing="watch"),
    *rows("source-detail", "GET", WATCHES, sees=WATCHES, thing="source"),
    *rows("source-detail", "PATCH", roles(CONVERSATIONS), sees=WATCHES, thing="source"),
    *rows("source-pause source-resume source-end", "POST", roles(CONVERSATIONS), sees=WATCHES, thing="source"),
    *rows("entry-detail", "GET", WATCHES, sees=WATCHES, thing="entry"),
]

ROWS = [*_PAGES, *_API]
