"""S1: every address × method × role, and for nobody, for the suspended, and for another unit's people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.architecture.access import DELETE, EVERYONE, GET, PATCH, POST, PUBLIC, PUT, TABLE, Row
from tests.architecture.world import World

pytestmark = pytest.mark.django_db

METHODS = (GET, POST, PUT, PATCH, DELETE)
# Pages of others, behind doors of their own: allauth's and those of Django's administration (tests/organisation).
FOREIGN = ("account_", "mfa_", "admin:")
LET_IN = {200, 201, 204, 302, 400, 409, 422}


def addresses(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


ALL = sorted({name for name in addresses(get_resolver().url_patterns) if not name.startswith(FOREIGN)})


def test_every_address_is_in_the_table():
    assert set(ALL) - {row.url for row in TABLE} == set()


def test_the_table_names_no_address_that_is_gone():
    assert {row.url for row in TABLE} - set(ALL) == set()


@pytest.fixture
def world() -> World:
    return World()


def ask(row: Row, world: World, person: Any, method: str = "") -> int:
    """The status that `person` (None: nobody) gets; whatever it did is undone."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    path = reverse(row.url, kwargs=world.address_of(row.thing))
    send = getattr(client, (method or row.method).lower())
    with transaction.atomic():
        if path.startswith("/api/"):
            status = send(path, dict(row.data), content_type="application/json").status_code
        else:
            status = send(path, dict(row.data)).status_code
        transaction.set_rollback(True)
    return int(status)


def outside(row: Row) -> set[int]:
    """What somebody gets who is not signed in."""
    if row.may == PUBLIC:
        return LET_IN
    return {401, 403} if row.url.startswith("api:") or (":" not in row.url and row.url.startswith("api")) else {302}


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_each_role_gets_what_the_table_says(row: Row, world: World):
    told = {}
    for role in sorted(EVERYONE):
        status = ask(row, world, world.insiders[role])
        if row.may == PUBLIC or role in row.may:
            right = status in LET_IN
        elif role in row.sees or not row.thing:
            right = status == 403
        else:
            right = status == 404
        if not right:
            told[role] = status
    assert told == {}


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_strangers_get_nothing(row: Row, world: World):
    assert ask(row, world, None) in outside(row)
    assert ask(row, world, world.suspended) in outside(row)
    if row.thing:
        told = {role: ask(row, world, person) for role, person in world.outsiders.items()}
        assert {role: status for role, status in told.items() if status != 404} == {}


@pytest.mark.parametrize("url", ALL)
def test_a_method_that_is_not_in_the_table_is_refused(url: str, world: World):
    rows = [row for row in TABLE if row.url == url]
    listed = {row.method for row in rows}
    for method in METHODS:
        if rows and method not in listed:
            insider = next(iter(sorted(rows[0].may & EVERYONE)), "auditor")
            assert ask(rows[0], world, world.insiders[insider], method) in {403, 405}, method
