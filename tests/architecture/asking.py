"""A request to the world, undone at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from organisation.models import AuditEvent
from tests.architecture.rows import Row
from tests.architecture.world import World

NOBODY = None


@dataclass(frozen=True)
class Answer:
    """`status`, and how many events it left in the audit trail before it was undone."""

    status: int
    events: int


@cache
def door(*, enforce_csrf_checks: bool) -> ClientHandler:
    """The middleware, put together once: each client makes its own, and here each request is another client's."""
    return ClientHandler(enforce_csrf_checks)


def visitor(world: World, person: Any, *, enforce_csrf_checks: bool = False) -> Client:
    client = Client(raise_request_exception=False)
    client.handler = door(enforce_csrf_checks=enforce_csrf_checks)
    if person is not NOBODY:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.session_of(person)
    return client


def path_of(row: Row, world: World) -> str:
    return reverse(row.url, kwargs=world.address_of(row.thing))


def send(client: Client, path: str, method: str, data: dict[str, Any] | None = None, *, form: bool = False) -> Answer:
    """What is said to the API is JSON, but for a form with files."""
    with undone():
        before = AuditEvent.objects.count()
        response = _said(client, path, method, data, form=form)
        return Answer(response.status_code, AuditEvent.objects.count() - before)


def ask(row: Row, world: World, person: Any, method: str = "") -> int:
    """The status that `person` (None: nobody) gets."""
    with undone():
        client = visitor(world, person)
        return _said(client, path_of(row, world), method or row.method, None, form=row.form).status_code


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _said(client: Client, path: str, method: str, data: dict[str, Any] | None, *, form: bool) -> Any:
    options = {} if form or not path.startswith("/api/") else {"content_type": "application/json"}
    response = getattr(client, method.lower())(path, data or {}, **options)
    if response.streaming:
        b"".join(response.streaming_content)
    return response
