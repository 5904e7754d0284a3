"""Grants by the API: the same actions and the same policy as the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from organisation.enums import Permission
from organisation.models import Grant, Person, Unit
from organisation.policy import allows
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db
GRANTS = "/api/v1/grants/"


def send(person: Person, path: str = "", body: dict[str, Any] | None = None) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(f"{GRANTS}{path}", body or {}, content_type="application/json")


def read(person: Person, path: str = "") -> Any:
    client = Client()
    client.force_login(person)
    return client.get(f"{GRANTS}{path}")


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create(slug="fin")


@pytest.mark.longer
def test_proposed_confirmed_and_ended(unit: Unit) -> None:
    first, second = person_with("administrator", unit), person_with("administrator", unit)
    person = PersonFactory.create(unit=unit)
    made = send(first, "", {"person": person.pk, "role": "spokesperson", "unit": "fin"})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["role"], told["unit"], told["given_by"], told["confirmed_at"]) == (
        "spokesperson",
        "fin",
        first.pk,
        None,
    )
    one = f"{told['id']}/"
    assert send(first, f"{one}confirm/").status_code == 403
    assert send(first, f"{one}end/").status_code == 409
    assert not allows(Person.objects.get(pk=person.pk), Permission.POST_APPROVE, unit)
    assert send(second, f"{one}confirm/").json()["confirmed_by"] == second.pk
    assert allows(Person.objects.get(pk=person.pk), Permission.POST_APPROVE, unit)
    assert send(second, f"{one}refuse/").status_code == 409
    assert send(first, f"{one}end/").json()["revoked_at"] is not None
    assert send(first, f"{one}end/").status_code == 404


def test_refused_and_light(unit: Unit) -> None:
    first, person = person_with("administrator", unit), PersonFactory.create(unit=unit)
    light = send(first, "", {"person": person.pk, "role": "newcomer", "unit": "fin"}).json()
    assert light["confirmed_at"] is not None
    weighty = send(first, "", {"person": person.pk, "role": "administrator", "unit": "fin"}).json()
    assert send(first, f"{weighty['id']}/refuse/").status_code == 200
    assert list(Grant.objects.in_force().filter(person=person).values_list("role", flat=True)) == ["newcomer"]


@pytest.mark.longer
def test_who_sees_them_and_how_far(unit: Unit) -> None:
    below = UnitFactory.create(slug="tax", parent=unit)
    local, head = person_with("administrator", below), person_with("administrator", unit)
    other = person_with("newcomer", below)
    held = other.grants.get()
    assert {one["id"] for one in read(local).json()["results"]} == {held.pk, local.grants.get().pk}
    assert read(local, f"{head.grants.get().pk}/").status_code == 404
    assert send(local, f"{head.grants.get().pk}/end/").status_code == 404
    assert read(other).status_code == 403
    assert send(other, "", {"person": other.pk, "role": "newcomer", "unit": "tax"}).status_code == 403
    GrantFactory.create(person=other, role="committee_member", unit=unit)
    refused = send(local, f"{held.pk}/end/")
    assert refused.status_code == 403
    assert "beyond the units that you administer" in refused.json()["detail"]
    assert send(local, "", {"person": other.pk, "role": "auditor", "unit": "tax"}).status_code == 403


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"role": "king"}, "role"),
        ({"unit": "elsewhere"}, "unit"),
        ({"person": 0}, "person"),
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"until": "0001-01-01T00:00"}, "until"),  # in UTC it has no year
        ({"until": "9999-12-31T23:59:59-14:00"}, "until"),
    ],
)
def test_what_is_wrong_is_told_at_the_field(unit: Unit, facts: dict[str, Any], field: str) -> None:
    UnitFactory.create(slug="elsewhere")
    first, person = person_with("administrator", unit), PersonFactory.create(unit=unit)
    answer = send(first, "", {"person": person.pk, "role": "newcomer", "unit": "fin", **facts})
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
