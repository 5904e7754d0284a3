"""The tables of the code are those that stand in `golden`, line by line."""

from __future__ import annotations

import re

import pytest

from organisation.lifecycle import LIFECYCLES, Transition
from organisation.roles import ROLES, asking_second_factor, needs_confirmation
from tests.architecture import golden


def blocks(text: str) -> dict[str, list[str]]:
    """The unindented lines of `text`, each with the indented ones below it."""
    found: dict[str, list[str]] = {}
    for line in filter(str.strip, text.splitlines()):
        if line.startswith(" "):
            found[next(reversed(found))].append(line.strip())
        else:
            found[line.strip()] = []
    return found


def line_of(edge: Transition) -> str:
    guard = f", if {edge.guard}" if edge.guard else ""
    who = edge.permission.value if edge.permission else "system"
    return f"{edge.name}: {' '.join(edge.sources)} -> {edge.target}, by {who}{guard}"


EDGES = blocks(golden.EDGES)


def test_every_lifecycle_stands_in_the_table() -> None:
    assert {lifecycle.noun for lifecycle in LIFECYCLES} == set(EDGES)


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.noun)
def test_every_edge_takes_what_the_table_says(lifecycle: object) -> None:
    assert [line_of(edge) for edge in lifecycle.transitions] == EDGES[lifecycle.noun]  # type: ignore[attr-defined]


def test_the_table_is_read_whole() -> None:
    """A table of which half is skipped proves nothing."""
    assert all(
        re.fullmatch(r"\w+: [\w ]+ -> \w+, by [\w.]+(, if \w+)?", edge) for edges in EDGES.values() for edge in edges
    )
    assert sum(map(len, EDGES.values())) >= 61


def test_every_role_allows_what_the_table_says() -> None:
    expected = {role: set(" ".join(lines).split()) for role, lines in blocks(golden.ROLES).items()}
    assert {key: {permission.value for permission in role.permissions} for key, role in ROLES.items()} == expected


def test_what_a_second_person_confirms() -> None:
    assert {key for key in ROLES if needs_confirmation(key)} == set(golden.CONFIRMED.split())


def test_what_asks_for_a_second_factor() -> None:
    assert {key for key in ROLES if asking_second_factor([key])} == set(golden.SECOND_FACTOR.split())
