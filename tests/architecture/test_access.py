"""S1: every address × method × role, and for nobody, for the suspended, and for another unit's people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.access import NOBODYS, SIGNED, TABLE
from tests.architecture.asking import NOBODY, ask, path_of, send, visitor
from tests.architecture.rows import AUDITOR, DELETE, EVERYONE, GET, PATCH, POST, PUBLIC, PUT, Row
from tests.architecture.world import World
from tests.thorough import thorough_but

# Each test is a savepoint inside the transaction of the world.
pytestmark = pytest.mark.django_db

METHODS = (GET, POST, PUT, PATCH, DELETE)
LET_IN = {200, 201, 204, 302, 400, 409, 422}
# They send away who has no business there before they look at the method.
ALLAUTHS = ("account_", "mfa_")
WRITING = [row for row in TABLE if row.method != GET]
SOMEBODYS = [row for row in TABLE if row.thing not in NOBODYS | {""}]


def addresses(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


ALL = sorted({name for name in addresses(get_resolver().url_patterns) if not name.startswith("admin:")})


def test_every_address_is_in_the_table() -> None:
    assert set(ALL) - {row.url for row in TABLE} == set()


def test_the_table_names_no_address_that_is_gone() -> None:
    assert {row.url for row in TABLE} - set(ALL) == set()


def test_no_row_is_there_twice() -> None:
    assert len({str(row) for row in TABLE}) == len(TABLE)


def outside(row: Row) -> set[int]:
    """What somebody gets who is not signed in."""
    if row.may == PUBLIC:
        return LET_IN
    return {403} if ":" not in row.url and path_is_api(row) else {302}


def path_is_api(row: Row) -> bool:
    return row.url == "schema" or "-" in row.url


def right(row: Row, role: str, status: int) -> bool:
    if row.may == PUBLIC or role in row.may:
        return status in LET_IN
    return status == (403 if role in row.sees or not row.thing else 404)


@pytest.mark.slow
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_each_role_gets_what_the_table_says(row: Row, world: World) -> None:
    told = {role: ask(row, world, person) for role, person in world.insiders.items()}
    assert {role: status for role, status in told.items() if not right(row, role, status)} == {}


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_who_is_not_signed_in_gets_nothing(row: Row, world: World) -> None:
    assert ask(row, world, NOBODY) in outside(row)


@pytest.mark.parametrize("row", SOMEBODYS[::4], ids=str)
def test_strangers_get_nothing(row: Row, world: World) -> None:
    """The other addresses, and every role: `test_whoever_may_elsewhere_gets_nothing_here`."""
    assert ask(row, world, world.outsiders[min(row.may & EVERYONE, default=AUDITOR)]) == 404


@pytest.mark.parametrize("row", thorough_but(TABLE, *TABLE[::5]), ids=str)
def test_the_suspended_are_nobody(row: Row, world: World) -> None:
    assert ask(row, world, world.suspended) in outside(row)


@pytest.mark.slow
@pytest.mark.parametrize("row", SOMEBODYS, ids=str)
def test_whoever_may_elsewhere_gets_nothing_here(row: Row, world: World) -> None:
    told = {role: ask(row, world, world.outsiders[role]) for role in {AUDITOR, *row.may}}
    assert {role: status for role, status in told.items() if status != 404} == {}


@pytest.mark.slow
@pytest.mark.parametrize("row", [row for row in SOMEBODYS if AUDITOR not in row.may], ids=str)
def test_a_role_in_another_unit_does_nothing_to_what_one_may_only_read(row: Row, world: World) -> None:
    told = {role: ask(row, world, world.readers[role]) for role in row.may}
    due = LET_IN if row.anywhere else {403 if AUDITOR in row.sees else 404}
    assert {role: status for role, status in told.items() if status not in due} == {}


@pytest.mark.slow
@pytest.mark.parametrize("url", [url for url in ALL if not url.startswith(ALLAUTHS)])
def test_a_method_that_is_not_in_the_table_is_refused(url: str, world: World) -> None:
    known = [row for row in TABLE if row.url == url]
    assert known
    insider = world.insiders[min(known[0].may & EVERYONE, default=AUDITOR)]
    listed = {row.method for row in known}
    told = {method: ask(known[0], world, insider, method) for method in METHODS if method not in listed}
    assert {method: status for method, status in told.items() if status not in {403, 405}} == {}


@pytest.mark.parametrize("row", thorough_but(WRITING, *WRITING[::5]), ids=str)
def test_nothing_is_written_without_the_token_of_a_page_of_ours(row: Row, world: World) -> None:
    insider = world.insiders[min(row.may & EVERYONE, default=AUDITOR)]
    client = visitor(world, insider, enforce_csrf_checks=True)
    answer = send(client, path_of(row, world), row.method, form=row.form)
    assert (answer.status, answer.events) == (400 if row.url in SIGNED else 403, 0)


@pytest.mark.slow
@pytest.mark.parametrize("row", {row.url: row for row in TABLE}.values(), ids=str)
def test_looking_writes_nothing(row: Row, world: World) -> None:
    insider = world.insiders[min(row.may & EVERYONE, default=AUDITOR)]
    for method in (GET, "HEAD", "OPTIONS"):
        answer = send(visitor(world, insider), path_of(row, world), method)
        # allauth counts every look at its forms
        expected = {200, 302, 403, 404, 405, 429} | ({400} if row.url in SIGNED else set())
        assert answer.status in expected, method
        assert answer.events == 0, method
