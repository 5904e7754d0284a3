"""The trail: one event per act, append-only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from organisation import audit
from organisation.actions import (
    change_language,
    confirm_person,
    create_unit,
    give_grant,
    invite_person,
    reinstate_person,
    revoke_grant,
    suspend_person,
    update_unit,
)
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, Person
from organisation.queries import story, visible_events
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db


def ten_events() -> Person:
    person = PersonFactory.create()
    for turn in range(10):
        change_language(person=person, language=["fr", "nl"][turn % 2])
    return person


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organisation_auditevent SET actor_name = 'x'",
        "DELETE FROM organisation_auditevent",
        "TRUNCATE organisation_auditevent",
    ],
)
def test_the_database_refuses_change(statement: str) -> None:
    ten_events()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.count() == 10


def acts() -> dict[str, Callable[[], object]]:
    """Each verb of the ground floor, ready to be done."""
    root = UnitFactory.create()
    unit = UnitFactory.create(parent=root)
    by = person_with("administrator", root)
    person = PersonFactory.create(unit=unit)
    held = person_with("newcomer", unit)
    away = PersonFactory.create(unit=unit, is_active=False)
    second = person_with("administrator", root)
    let_in = PersonFactory.create(unit=unit, invited_by=by, vouched_at=None)
    facts = {
        "slug": "new",
        "names": {"fr": "Nouveau"},
        "kind": "cell",
        "governance_model": "centralised",
        "languages": ["fr"],
    }
    return {
        "unit.created": lambda: create_unit(parent=root, by=by, **facts),
        "unit.updated": lambda: update_unit(unit=unit, by=by, languages=["fr"]),
        "person.invited": lambda: invite_person(email="n@x.example", name="N", unit=unit, language="fr", by=by),
        "person.confirmed": lambda: confirm_person(person=let_in, by=second),
        "person.suspended": lambda: suspend_person(person=person, by=by, reason="Left"),
        "person.reinstated": lambda: reinstate_person(person=away, by=by, reason="Back"),
        "person.language_changed": lambda: change_language(person=person, language="nl"),
        "grant.given": lambda: give_grant(person=person, role="auditor", unit=unit, by=by),
        "grant.revoked": lambda: revoke_grant(grant=held.grants.get(), by=by),
    }


@pytest.mark.parametrize(
    "verb",
    [
        "unit.created",
        "unit.updated",
        "person.invited",
        "person.confirmed",
        "person.suspended",
        "person.reinstated",
        "person.language_changed",
        "grant.given",
        "grant.revoked",
    ],
)
def test_an_act_leaves_exactly_one_event(verb: str) -> None:
    acts()[verb]()
    event = AuditEvent.objects.get()
    assert event.verb == verb
    assert "%(" not in event.told
    assert event.actor_name in event.told


def test_what_was_refused_leaves_none() -> None:
    unit = UnitFactory.create()
    by = person_with("administrator", unit)
    with pytest.raises(Refused):
        give_grant(person=PersonFactory.create(unit=unit), role="king", unit=unit, by=by)
    assert not AuditEvent.objects.exists()


def test_an_event_needs_an_action_and_a_sentence() -> None:
    person = PersonFactory.create()
    with pytest.raises(RuntimeError, match="inside an action"):
        audit.record(verb="person.suspended", thing=person, by=None)
    with pytest.raises(RuntimeError, match="no sentence"), audit.acting():
        audit.record(verb="person.teased", thing=person, by=None)


def test_the_story_outlives_its_actor_and_is_read_by_who_may() -> None:
    root = UnitFactory.create()
    left, right = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    by = person_with("administrator", root)
    person = invite_person(email="n@x.example", name="N", unit=left, language="fr", by=by)
    assert [event.verb for event in story(person)] == ["person.invited"]
    reader_left, reader_right = person_with("auditor", left), person_with("auditor", right)
    assert visible_events(by).count() == 1
    assert visible_events(reader_left).count() == 1
    assert visible_events(reader_right).count() == 0


def test_what_an_inner_action_undoes_leaves_no_event() -> None:
    """An action that catches another one's refusal must not tell of what was rolled back."""
    person = PersonFactory.create()

    @audit.action
    def begun_and_refused() -> None:
        change_language(person=person, language="nl")
        raise Refused("not now")

    with audit.acting():
        change_language(person=person, language="fr")
        with pytest.raises(Refused):
            begun_and_refused()
        change_language(person=person, language="de")

    person.refresh_from_db()
    assert person.language == "de"
    assert [event.details["language"] for event in story(person)] == ["de", "fr"]


def test_a_change_says_what_was_and_what_is() -> None:
    root = UnitFactory.create(languages=["fr", "nl"])
    by = person_with("administrator", root)
    update_unit(unit=root, by=by, languages=["fr"], governance_model=root.governance_model)
    assert AuditEvent.objects.get().details == {"changes": {"languages": [["fr", "nl"], ["fr"]]}}
    change_language(person=by, language="nl")
    assert AuditEvent.objects.latest("sequence").details["changes"] == {"language": ["en", "nl"]}
