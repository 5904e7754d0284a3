"""What goes out, and freezes."""

from __future__ import annotations

from tests.architecture.rows import (
    CELL,
    EVERYONE,
    FREEZERS,
    POSTS,
    PUBLIC,
    SENIORS,
    SPOKESPERSON,
    roles,
    rows,
)

_PAGES = [
    *rows("unresolved", "GET", POSTS, room="delivery"),
    *rows("delivery_detail", "GET", POSTS, sees=POSTS, thing="delivery", room="delivery"),
    *rows("delivery_decide", "POST", roles(CELL, SPOKESPERSON), sees=POSTS, thing="delivery", room="delivery"),
    *rows("delivery_complete", "POST", SENIORS, sees=POSTS, thing="delivery_incomplete", room="delivery"),
    *rows("delivery_reconfirm", "POST", SENIORS, sees=POSTS, thing="delivery", room="delivery"),
    *rows("outgoing", "GET", PUBLIC, thing="outgoing", room="delivery"),
    *rows("hold_list", "GET", EVERYONE, room="delivery"),
    *rows("hold_new", "GET POST", FREEZERS, room="delivery"),
    *rows("hold_lift", "POST", FREEZERS, thing="hold", room="delivery"),
]

_API = [
    *rows("delivery-list", "GET", POSTS),
    *rows("delivery-detail", "GET", POSTS, sees=POSTS, thing="delivery"),
    *rows("delivery-decide", "POST", roles(CELL, SPOKESPERSON), sees=POSTS, thing="delivery"),
    *rows("delivery-complete", "POST", SENIORS, sees=POSTS, thing="delivery_incomplete"),
    *rows("delivery-reconfirm", "POST", SENIORS, sees=POSTS, thing="delivery"),
    *rows("hold-list", "GET", EVERYONE),
    *rows("hold-list", "POST", FREEZERS),
    *rows("hold-detail", "GET", EVERYONE, thing="hold"),
    *rows("hold-lift", "POST", FREEZERS, thing="hold"),
]

ROWS = [*_PAGES, *_API]
