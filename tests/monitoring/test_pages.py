"""Pages of what is listened to: in sight or 404, allowed or 403, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.models import Account
from monitoring.models import Watch
from organisation.models import Person, Unit
from tests.factories.monitoring import StreamFactory, WatchFactory
from tests.factories.organisation import person_with


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def body(page: Any) -> str:
    return str(page.content.decode())


@pytest.mark.parametrize("count", [1, 3])
def test_streams_and_watches_ask_the_same_however_many_there_are(
    manager: Person, unit: Unit, count: int, django_assert_num_queries: Any
) -> None:
    for _each in range(count):
        StreamFactory.create(account__unit=unit, problem_code="unavailable", failing_since=timezone.now())
        WatchFactory.create(account__unit=unit)
    client = signed_in(manager)
    assert "The network cannot be reached just now. Parvis tries again by itself." in body(
        client.get(reverse("monitoring:stream_list"))
    )
    with django_assert_num_queries(10):
        client.get(reverse("monitoring:stream_list"))
    with django_assert_num_queries(10):
        client.get(reverse("monitoring:watch_list"))


@pytest.mark.longer
def test_a_watch_by_form(unit: Unit, account: Account, manager: Person, newcomer: Person) -> None:
    client = signed_in(manager)
    new = reverse("monitoring:watch_new")
    assert client.post(new, {"account": account.pk, "name": "Kept name"}).status_code == 422
    facts = {
        "account": account.pk,
        "name": "Tax return",
        "query": "déclaration",
        "purpose": "See what is not understood",
        "legal_basis": "public_task",
        "law": "Act of 3 August 2012",
        "dpia_reference": "DPIA-1",
        "owner": manager.pk,
        "expires_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }
    assert client.post(new, facts).status_code == 302
    watch = Watch.objects.get()
    edited = {**facts, "name": "Tax return 2026"}
    assert client.post(reverse("monitoring:watch_edit", args=[watch.pk]), edited).status_code == 302
    assert client.post(reverse("monitoring:watch_activate", args=[watch.pk])).status_code == 302
    shown = body(client.get(reverse("monitoring:watch_detail", args=[watch.pk])))
    assert "Tax return 2026" in shown
    assert client.post(reverse("monitoring:watch_end", args=[watch.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("monitoring:watch_end", args=[watch.pk]), {"reason": "Over"}).status_code == 302
    watch.refresh_from_db()
    assert watch.state == "ended"
    assert signed_in(newcomer).get(new).status_code == 403
    assert signed_in(newcomer).get(reverse("monitoring:watch_detail", args=[watch.pk])).status_code == 404
    writer = signed_in(person_with("communication_cell", unit))
    assert writer.get(reverse("monitoring:watch_detail", args=[watch.pk])).status_code == 200
    assert writer.post(reverse("monitoring:watch_end", args=[watch.pk]), {"reason": "x"}).status_code == 403
