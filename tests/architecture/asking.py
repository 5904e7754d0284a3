"""A request to the world, undone at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from organisation.models import AuditEvent
from tests.architecture.access import Row
from tests.architecture.world import World

NOBODY = None


@dataclass(frozen=True)
class Answer:
    """`status`, and how many events it left in the audit trail before it was undone."""

    status: int
    events: int


def visitor(world: World, person: Any, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    if person is not NOBODY:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.session_of(person)
    return client


def path_of(row: Row, world: World) -> str:
    return reverse(row.url, kwargs=world.address_of(row.thing))


def send(client: Client, path: str, method: str, data: dict[str, Any] | None = None, *, form: bool = False) -> Answer:
    """What is said to the API is JSON, but for a form with files."""
    options = {} if form or not path.startswith("/api/") else {"content_type": "application/json"}
    with transaction.atomic():
        before = AuditEvent.objects.count()
        response = getattr(client, method.lower())(path, data or {}, **options)
        answer = Answer(response.status_code, AuditEvent.objects.count() - before)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return answer


def ask(row: Row, world: World, person: Any, method: str = "") -> int:
    """The status that `person` (None: nobody) gets."""
    return send(visitor(world, person), path_of(row, world), method or row.method, form=row.form).status
