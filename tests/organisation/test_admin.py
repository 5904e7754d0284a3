"""The technical administration shows; it is no way around an action."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone, translation

from organisation.actions import change_language
from organisation.admin import ShownOnly, administration
from organisation.models import AuditEvent, Person, Unit
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Person:
    person = person_with("administrator", UnitFactory.create())
    client.force_login(person)
    return person


def test_one_door_to_sign_in(client: Client) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/me/login/?next=/admin/")
    client.force_login(person_with("communication_cell", UnitFactory.create()))
    assert client.get("/admin/", follow=True).status_code == 403


def test_nothing_is_registered_but_our_own_and_no_credentials() -> None:
    shown = {model._meta.label for model in administration._registry}
    assert not [label for label in shown if label.split(".")[0] in {"auth", "account", "mfa", "sites"}]
    assert "accounts_registry.Credential" not in shown


@pytest.mark.longer
def test_every_list_opens_and_nothing_can_be_added_or_deleted(client: Client, administrator: Person) -> None:
    for model in administration._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(base).status_code == 200, base
        assert client.get(f"{base}add/").status_code == 403, base


def test_a_person_is_read_only_and_without_the_password(client: Client, administrator: Person) -> None:
    page = f"/admin/organisation/person/{administrator.pk}/change/"
    shown = client.get(page).content.decode()
    assert administrator.email in shown
    assert "argon2" not in shown
    assert client.post(page, {"name": "Hacked"}).status_code == 403


def test_what_is_shown_of_a_row_has_a_name_in_the_readers_language() -> None:
    """Leases, counters and numbers of rows have none: they are the machinery's own."""
    alike = {"Account", "Dossier", "Link", "Quorum", "Server", "Type"}  # Dutch says the same
    for model, shown in administration._registry.items():
        assert isinstance(shown, ShownOnly)
        told = []
        for language in ("en", "nl"):
            with translation.override(language):
                told.append([label for _field, label in shown.columns()])
        left = {dutch for english, dutch in zip(*told, strict=True) if english == dutch}
        assert left <= alike, (model, left - alike)
        assert "ID" not in told[1]


def test_an_event_is_told_as_a_sentence(client: Client, administrator: Person) -> None:
    change_language(person=administrator, language="en")
    event = AuditEvent.objects.latest("sequence")
    page = client.get(f"/admin/organisation/auditevent/{event.pk}/change/").content.decode()
    assert f"<h1>{event.told}" in re.sub(r"<h1[^>]*>\s*", "<h1>", page)
    assert "person.language" not in page


@pytest.mark.longer
def test_a_unit_changes_through_its_action(client: Client, administrator: Person) -> None:
    unit = administrator.unit
    page = f"/admin/organisation/unit/{unit.pk}/change/"
    assert client.get(page).status_code == 200
    facts = {
        "name_fr": "Finances",
        "kind": "federal_service",
        "governance_model": "hub_and_spoke",
        "time_zone": "Europe/Brussels",
        "languages": ["fr", "nl"],
        "working_calendar": "be-federal",
    }
    assert client.post(page, facts).status_code == 302
    # By which model it is governed has a page of its own, which shows first what changes for whom.
    assert Unit.objects.get(pk=unit.pk).governance_model == "autonomy"
    event = AuditEvent.objects.get()
    assert event.verb == "unit.updated"
    assert "governance_model" not in event.details["changes"]
    assert event.details["changes"]["names"][1] == {"fr": "Finances"}
    elsewhere = UnitFactory.create()
    client.post(f"/admin/organisation/unit/{elsewhere.pk}/change/", facts)
    assert Unit.objects.get(pk=elsewhere.pk).governance_model == elsewhere.governance_model


@pytest.mark.slow
def test_a_unit_s_facts_are_chosen_not_spelled(client: Client, administrator: Person) -> None:
    page = f"/admin/organisation/unit/{administrator.unit_id}/change/"
    sound = {
        "name_fr": "Finances",
        "kind": "federal_service",
        "governance_model": "centralised",
        "time_zone": "Europe/Brussels",
        "languages": ["fr"],
        "working_calendar": "be-federal",
    }
    wrong: dict[str, Any] = {
        "name_fr": " ",
        "kind": "ministry",
        "time_zone": "Europe/Atlantis",
        "languages": ["tlh"],
        "working_calendar": "nonsense",
    }
    for field, value in wrong.items():
        answer = client.post(page, {**sound, field: value})
        assert answer.status_code == 200, field
        assert list(answer.context["adminform"].form.errors) == [field]
    assert not AuditEvent.objects.exists()


def test_the_calendars_tell_the_days_off_and_who_works_by_them(client: Client, administrator: Person) -> None:
    shown = client.get("/admin/calendars/").content.decode()
    year = timezone.localdate().year
    assert f"<h3>{year}</h3>" in shown
    assert "1 January" in shown
    assert str(administrator.unit) in shown


def test_the_registrations_show_no_secret(client: Client, administrator: Person, settings: Any) -> None:
    app = {"client_id": "we-are-known", "client_secret": "s3cret-of-ours", "webhook_secret": "h00k", "token": "t0ken"}
    settings.NETWORK_APPS = {"linkedin": app, "x": {"client_id": "half"}}
    shown = client.get("/admin/apps/").content.decode()
    assert "we-are-known, with its secret" in shown
    assert "half; its secret is missing" in shown
    assert "Not registered: accounts cannot be connected." in shown
    assert not [secret for secret in ("s3cret-of-ours", "h00k", "t0ken") if secret in shown]


@pytest.mark.longer
def test_what_lies_in_other_units_is_out_of_sight(client: Client, administrator: Person) -> None:
    """Whoever administers one unit has no window onto the others."""
    stranger = person_with("newcomer", UnitFactory.create(), name="Stranger elsewhere")
    colleague = person_with("newcomer", administrator.unit, name="Colleague here")
    shown = client.get("/admin/organisation/person/").content.decode()
    assert colleague.email in shown
    assert stranger.email not in shown
    page = client.get(f"/admin/organisation/person/{stranger.pk}/change/", follow=True)
    assert stranger.email not in page.content.decode()


def test_everything_registered_stands_in_our_site() -> None:
    """Nothing of ours is registered on Django's own site, which has no door here."""
    elsewhere = {model._meta.app_label for model in admin.site._registry}
    assert elsewhere <= {"account", "auth", "mfa"}
