"""Somebody works in another unit from now on: by whom, and what of before stays as it was told."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from organisation import policy
from organisation.actions import change_language, move_person
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, Person, Unit
from organisation.queries import visible_events, visible_people
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.locking import locks_taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create()


@pytest.fixture
def ada(root: Unit) -> Person:
    return person_with("administrator", root, name="Ada")


def test_history_stays_with_the_unit_of_then_and_roles_stay_where_they_hold(root: Unit, ada: Person) -> None:
    old, new = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    person = person_with("newcomer", old)
    change_language(person=person, language="nl")
    moved = move_person(person=person, unit=new, by=ada, reason="Reorganisation")
    assert moved.unit == new
    change_language(person=Person.objects.get(pk=person.pk), language="fr")
    events = AuditEvent.objects.filter(object_id=str(person.pk)).order_by("sequence")
    assert [(one.verb, one.unit_id) for one in events] == [
        ("person.language_changed", old.pk),
        ("person.moved", new.pk),
        ("person.language_changed", new.pk),
    ]
    assert events[1].details == {"reason": "Reorganisation", "changes": {"unit": [old.pk, new.pk]}}
    assert policy.allows(Person.objects.get(pk=person.pk), Permission.POST_WRITE, old)
    there, here = person_with("auditor", old), person_with("auditor", new)
    assert person not in visible_people(there)
    assert person in visible_people(here)
    assert [one.verb for one in visible_events(there).order_by("sequence")] == ["person.language_changed"]


def test_both_units_are_administered_by_who_moves_and_nobody_moves_themselves(root: Unit, ada: Person) -> None:
    old, new = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    person, wide = PersonFactory.create(unit=old), person_with("newcomer", root, works_in=old)
    for one, by in (
        (person, person_with("administrator", old)),
        (person, person_with("administrator", new)),
        (wide, person_with("administrator", old)),
        (ada, ada),
    ):
        with pytest.raises(PermissionDenied):
            move_person(person=one, unit=new, by=by, reason="x")
    for unit, reason in ((old, "x"), (new, " ")):
        with pytest.raises(Refused):
            move_person(person=person, unit=unit, by=ada, reason=reason)


def test_it_begins_with_the_lock_of_authority(root: Unit, ada: Person) -> None:
    person, new = PersonFactory.create(unit=root), UnitFactory.create(parent=root)
    with locks_taken() as taken:
        move_person(person=person, unit=new, by=ada, reason="x")
    assert taken[:2] == ["organisation_unit", "organisation_person"]


def test_the_page_moves_somebody(client: Client, root: Unit, ada: Person) -> None:
    new, person = UnitFactory.create(parent=root), PersonFactory.create(unit=root)
    client.force_login(ada)
    address = reverse("organisation:person_move", args=[person.pk])
    assert client.post(address, {"unit": new.pk, "reason": ""}).status_code == 422
    assert client.post(address, {"unit": new.pk, "reason": "Reorganisation"}).status_code == 302
    assert Person.objects.get(pk=person.pk).unit == new
