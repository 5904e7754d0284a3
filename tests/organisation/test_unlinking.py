"""Whoever administers somebody ends their link to the administration's account; and groups' rules in the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from organisation.actions import come_in, link_identity, take_identity
from organisation.actions.identities import Unknown
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, GroupRule, Person, ProviderIdentity, Unit
from organisation.provider import Told
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db
TOLD = Told("https://sso.fin.example", "f3b1c2")


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


@pytest.fixture
def administrator(unit: Unit) -> Person:
    return person_with("administrator", unit, name="Ada")


@pytest.fixture
def linked(unit: Unit) -> ProviderIdentity:
    return link_identity(told=TOLD, by=PersonFactory.create(unit=unit, name="Ben"))


def test_the_link_and_every_session_end_and_the_person_is_told(
    administrator: Person, linked: ProviderIdentity, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    client.force_login(linked.person)
    assert client.get(reverse("organisation:my_rights")).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        take_identity(identity=linked, by=administrator, reason="Another person now")
    assert client.get(reverse("organisation:my_rights")).status_code == 302
    with pytest.raises(Unknown):
        come_in(told=TOLD)
    event = AuditEvent.objects.get(verb="person.identity_taken")
    assert (event.actor_id, event.details) == (
        administrator.pk,
        {"issuer": TOLD.issuer, "reason": "Another person now"},
    )
    assert [(one.to, "Ada ended the link" in one.body) for one in mail.outbox] == [([linked.person.email], True)]
    with pytest.raises(Refused, match="already"):
        take_identity(identity=linked, by=administrator, reason="Again")


def test_by_who_covers_them_and_with_a_reason(administrator: Person, linked: ProviderIdentity, unit: Unit) -> None:
    local = person_with("administrator", UnitFactory.create(parent=unit))
    for by in (local, person_with("auditor", unit), linked.person):
        with pytest.raises(PermissionDenied):
            take_identity(identity=linked, by=by, reason="Why not")
    with pytest.raises(Refused):
        take_identity(identity=linked, by=administrator, reason=" ")
    assert ProviderIdentity.objects.exists()


def test_on_the_persons_page(client: Client, administrator: Person, linked: ProviderIdentity) -> None:
    client.force_login(administrator)
    page, target = (reverse(f"organisation:person_{what}", args=[linked.person_id]) for what in ("detail", "unlink"))
    assert target in client.get(page).content.decode()
    assert client.post(target, {"reason": ""}).status_code == 422
    assert "told by mail" in client.post(target, {"reason": "Gone"}, follow=True).content.decode()
    assert target not in client.get(page).content.decode()
    assert client.post(target, {"reason": "Gone"}).status_code == 302


def test_in_the_api(client: Client, administrator: Person, linked: ProviderIdentity, unit: Unit) -> None:
    client.force_login(administrator)
    found = client.get("/api/v1/identities/").json()["results"]
    assert [(one["person"], one["issuer"]) for one in found] == [(linked.person_id, TOLD.issuer)]
    assert "subject" not in found[0]
    ended = client.post(f"/api/v1/identities/{linked.pk}/end/", {"reason": "Gone"}, content_type="application/json")
    assert ended.status_code == 204
    assert client.get("/api/v1/identities/").json()["results"] == []


def test_rules_for_groups_in_the_api(client: Client, administrator: Person, unit: Unit) -> None:
    client.force_login(administrator)
    facts = {"group": "G-COMM", "role": "newcomer", "unit": unit.slug}
    made = client.post("/api/v1/group-rules/", facts, content_type="application/json").json()
    assert (made["group"], made["role"], made["made_by"]) == ("G-COMM", "newcomer", administrator.pk)
    assert client.post("/api/v1/group-rules/", facts, content_type="application/json").status_code == 400
    assert [one["id"] for one in client.get("/api/v1/group-rules/").json()["results"]] == [made["id"]]
    ended = client.post(f"/api/v1/group-rules/{made['id']}/end/", content_type="application/json")
    assert ended.json()["ended_at"] is not None
    assert GroupRule.objects.get().ended_at is not None
    assert client.get("/api/v1/group-rules/").json()["results"] == []
