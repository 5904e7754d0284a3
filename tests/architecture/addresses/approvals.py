"""Routes of approval."""

from __future__ import annotations

from tests.architecture.rows import (
    ADMINISTRATOR,
    PEOPLE,
    roles,
    rows,
)

_PAGES = [
    *rows("route_list", "GET", PEOPLE, room="approvals"),
    *rows("route_new", "GET POST", roles(ADMINISTRATOR), room="approvals"),
    *rows("route_end", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="route", room="approvals"),
]

_API = [
    *rows("approval-route-list", "GET", PEOPLE),
    *rows("approval-route-list", "POST", roles(ADMINISTRATOR)),
    *rows("approval-route-detail", "GET", PEOPLE, sees=PEOPLE, thing="route"),
    *rows("approval-route-end", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="route"),
]

ROWS = [*_PAGES, *_API]
