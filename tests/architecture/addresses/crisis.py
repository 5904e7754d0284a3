"""Playbooks and crises."""

from __future__ import annotations

from tests.architecture.rows import (
    CRISES,
    CRISIS,
    EVERYONE,
    LEADERS,
    Row,
    roles,
    rows,
)


def _crisis(names: str, methods: str, may: frozenset[str], thing: str = "", anywhere: bool = False) -> list[Row]:
    sees = CRISES if thing else EVERYONE
    return rows(names, methods, may, sees=sees, thing=thing, room="crisis", anywhere=anywhere)


_PAGES = [
    *_crisis("home", "GET", CRISES),
    *_crisis("playbook_new", "GET POST", roles(CRISIS)),
    *_crisis("playbook_detail", "GET", CRISES, "playbook"),
    *_crisis("playbook_edit", "GET POST", roles(CRISIS), "playbook"),
    *_crisis("declare", "GET POST", LEADERS, "playbook", anywhere=True),
    *_crisis("crisis_detail", "GET", CRISES, "crisis"),
    *_crisis("note freeze thaw end", "POST", LEADERS, "crisis"),
    *_crisis("tick untick", "POST", LEADERS, "step"),
]

_API = [
    *rows("playbook-list crisis-list crisis-step-list", "GET", CRISES),
    *rows("playbook-list", "POST", roles(CRISIS)),
    *rows("playbook-detail", "GET", CRISES, sees=CRISES, thing="playbook"),
    *rows("playbook-detail", "PATCH", roles(CRISIS), sees=CRISES, thing="playbook"),
    *rows("playbook-declare", "POST", LEADERS, sees=CRISES, thing="playbook", anywhere=True),
    *rows("crisis-detail", "GET", CRISES, sees=CRISES, thing="crisis"),
    *rows("crisis-note crisis-freeze crisis-thaw crisis-end", "POST", LEADERS, sees=CRISES, thing="crisis"),
    *rows("crisis-step-detail", "GET", CRISES, sees=CRISES, thing="step"),
    *rows("crisis-step-tick crisis-step-untick", "POST", LEADERS, sees=CRISES, thing="step"),
]

ROWS = [*_PAGES, *_API]
