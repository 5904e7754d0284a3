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

ROWS = [*_PAGES]
