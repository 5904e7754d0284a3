"""A row of a list, by what its columns are: one line for each account that it names, with all that it says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from accounts_registry.lists.accounts import Words
from accounts_registry.lists.values import day, figure
from accounts_registry.lists.words import kind_named, languages_named

Facts = dict[str, Any]
OF_ONE = ("followers", "last_post_on", "admins")  # said of one account: a row that names several says it of none


def lines_of(columns: Sequence[str], roles: Mapping[str, str], cells: Sequence[str]) -> tuple[list[Words], Facts]:
    """What the row names, and what it says. `facts["remarks"]` holds what could not be read."""
    told: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if (role := roles.get(column, "")) and cell:
            told.setdefault(role, cell)
    found = []
    for network in dict.fromkeys(role[3:] for role in told if role[:3] in ("on:", "id:")):
        found.append(Words(network, told.get(f"on:{network}", ""), "", told.get(f"id:{network}", "")))
    if not found or any(role in told for role in ("address", "handle", "id")):
        found.insert(0, Words(*(told.get(role, "") for role in ("network", "address", "handle", "id"))))
    facts = _facts(told)
    if len(found) > 1:
        facts.update(dict.fromkeys(OF_ONE))
    return found, facts


def _facts(told: Mapping[str, str]) -> Facts:
    remarks = []
    facts: Facts = {
        "title": told.get("title", "")[:200],
        "unit_told": told.get("unit", "")[:200],
        "owner_told": told.get("owner", "")[:150],
        "languages": languages_named(told.get("language", "")),
        "followers": figure(told.get("followers", "")),
        "last_post_on": found.isoformat() if (found := day(told.get("last_post", ""))) else None,
        "admins": _admins(told.get("admins", "")),
        "kind": kind_named(told.get("kind", "")),
    }
    for role, name in (
        ("language", "languages"),
        ("followers", "followers"),
        ("last_post", "last_post_on"),
        ("kind", "kind"),
    ):
        if told.get(role) and facts[name] in (None, "", []):
            remarks.append(f"{role}_unread")
    return {**facts, "remarks": remarks}


def _admins(told: str) -> int | None:
    """How many: a figure, or the number of names that are listed."""
    if not told:
        return None
    if (count := figure(told)) is not None:
        return min(count, 1_000)
    return len([name for name in re.split(r"[,;/&]| et | en | und | and ", told) if name.strip()])
