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

ROWS = [*_PAGES]
