"""The trail keeps numbers; its reader is told names, of what they may see and by what it is called now."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_registry.actions import suspend_account
from organisation.actions import give_grant, invite_person, revoke_grant, suspend_person, update_unit
from organisation.models import AuditEvent, Fact, Grant, Person, Unit
from organisation.queries import explained
from organisation.queries.audit import trail
from tests.factories.accounts_registry import AccountFactory
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.organisation.test_sealing import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Unit:
    return UnitFactory.create(names={"en": "Finance", "nl": "Financiën"}, languages=["fr", "nl"])


@pytest.fixture
def by(root: Unit) -> Person:
    return person_with("administrator", root, language="en")


def newest(reader: Person) -> AuditEvent:
    return explained(reader, [AuditEvent.objects.latest("sequence")])[0]


def test_a_person_is_called_by_the_name_that_they_have_now(root: Unit, by: Person) -> None:
    person = PersonFactory.create(unit=root, name="Bo Peeters")
    suspend_person(person=person, by=by, reason="Left")
    assert newest(by).thing_name == "Bo Peeters"
    Person.objects.filter(pk=person.pk).update(name="Bo Maes")
    assert newest(by).thing_name == "Bo Maes"
    stored = AuditEvent.objects.values().get()
    assert "Bo" not in str({name: value for name, value in stored.items() if name != "actor_name"})


def test_who_is_out_of_sight_keeps_their_number(root: Unit, by: Person) -> None:
    person = PersonFactory.create(unit=root, name="Bo Peeters")
    suspend_person(person=person, by=by, reason="Left")
    stranger = person_with("administrator", UnitFactory.create(parent=root))
    told = newest(stranger)
    assert (told.thing_name, told.thing_label) == ("", f"person {person.pk}")


def test_who_is_gone_is_said_to_be_gone(root: Unit, by: Person) -> None:
    person = invite_person(email="bo@x.example", name="Bo Peeters", unit=root, language="fr", by=by)
    tamper(f"DELETE FROM organisation_person WHERE id = {person.pk}")
    assert newest(by).thing_told == f"person {person.pk}, no longer there"


def test_an_account_and_a_grant_are_named_too(root: Unit, by: Person) -> None:
    account = AccountFactory.create(unit=root, handle="@finance")
    suspend_account(account=account, by=person_with("account_manager", root), reason="Lost")
    assert "@finance" in newest(by).thing_name
    person = PersonFactory.create(unit=root, name="Bo Peeters")
    grant = give_grant(person=person, role="newcomer", unit=root, by=by, until=datetime(2030, 1, 2, 12, tzinfo=UTC))
    revoke_grant(grant=grant, by=by)
    given = explained(by, [AuditEvent.objects.get(verb="grant.given")])[0]
    assert given.thing_name == "Bo Peeters · Newcomer · Finance"
    assert Fact("Person", None, "Bo Peeters") in given.facts
    assert Fact("Role", None, "Newcomer") in given.facts
    assert Fact("Until", None, "02/01/2030 13:00") in given.facts


def test_a_change_tells_old_and_new_in_words(root: Unit, by: Person) -> None:
    update_unit(unit=root, by=by, languages=["fr"], governance_model="hub_and_spoke")
    assert newest(by).facts == [
        Fact("Languages", "Français, Nederlands", "Français"),
        Fact("Governance model", "Autonomy", "Hub and spoke"),
    ]


def test_a_changed_owner_is_named(root: Unit, by: Person) -> None:
    one, other = PersonFactory.create(unit=root, name="An"), PersonFactory.create(unit=root, name="Bo")
    event = AuditEvent(
        noun="accounts_registry.justificationdossier",
        object_id="1",
        details={"changes": {"owner": [one.pk, other.pk], "backup_holder": [None, one.pk]}},
    )
    explained(by, [event])
    assert [(fact.was, fact.now) for fact in event.facts] == [("An", "Bo"), ("–", "An")]


@pytest.mark.parametrize("details", [{"changes": [1]}, {"changes": {"state": ["a", "b"]}}, {"until": "soon"}, {}])
def test_odd_details_are_shown_all_the_same(details: dict[str, object], by: Person) -> None:
    for noun in ("organisation.grant", "organisation.gone", "x", "publishing.post"):
        explained(by, [AuditEvent(noun=noun, object_id="x" * 40, details=details)])


@pytest.mark.longer
def test_names_cost_the_same_for_one_event_and_for_a_page(root: Unit, by: Person) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            reader = Person.objects.get(pk=by.pk)
            explained(reader, trail(reader).rows)
        return len(asked)

    def act() -> None:
        person = PersonFactory.create(unit=root)
        give_grant(person=person, role="newcomer", unit=root, by=by)
        suspend_person(person=person, by=by, reason="Left")

    act()
    once = cost()
    for _turn in range(5):
        act()
    assert trail(by).rows[0].noun == "organisation.person"
    assert cost() == once == 8


@pytest.mark.longer
def test_the_page_and_the_administration_show_the_names(client: Client, root: Unit, by: Person) -> None:
    person = PersonFactory.create(unit=root, name="Bo <Peeters>")
    suspend_person(person=person, by=by, reason="Left")
    client.force_login(by)
    page = client.get(reverse("organisation:audit")).content.decode()
    assert "<bdi>Bo &lt;Peeters&gt;</bdi>" in page
    assert f"person {person.pk}" in page
    listed = client.get(reverse("admin:organisation_auditevent_changelist")).content.decode()
    assert f"person {person.pk}: Bo &lt;Peeters&gt;" in listed
    assert Grant.objects.count() == 1
