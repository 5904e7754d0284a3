"""The crisis pages: out of sight 404, not allowed 403, and the whole walk by form."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from crisis.models import Crisis, Playbook
from delivery.models import Hold
from organisation.models import Person, Unit
from tests.factories.crisis import CrisisFactory, PlaybookFactory
from tests.factories.organisation import PersonFactory


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.longer
def test_a_crisis_from_playbook_to_end(unit: Unit, leader: Person) -> None:
    client = signed_in(leader)
    facts = {"unit": unit.pk, "title": "Portal down", "summary": "No answers", "during": "Freeze\n\nTell people\n"}
    assert client.post(reverse("crisis:playbook_new"), facts).status_code == 302
    playbook = Playbook.objects.get()
    assert [item.text for item in playbook.items.all()] == ["Freeze", "Tell people"]
    page = reverse("crisis:declare", args=[playbook.pk])
    told = {"unit": unit.pk, "title": "Down", "reason": "No answers", "level": "federal", "severity": 2}
    assert client.post(page, {**told, "freeze_scope": "unit"}).status_code == 302
    crisis = Crisis.objects.get()
    shown = reverse("crisis:crisis_detail", args=[crisis.pk])
    assert "Publishing is frozen" in client.get(shown).content.decode()
    for step in crisis.steps.all():
        assert client.post(reverse("crisis:tick", args=[step.pk])).status_code == 302
    client.post(reverse("crisis:note", args=[crisis.pk]), {"text": "Minister called"})
    assert "Minister called" in client.get(shown).content.decode()
    assert client.post(reverse("crisis:thaw", args=[crisis.pk]), {"reason": ""}).status_code == 422
    client.post(reverse("crisis:thaw", args=[crisis.pk]), {"reason": "Portal is back"})
    assert not Hold.objects.in_force().exists()
    client.post(reverse("crisis:end", args=[crisis.pk]), {"reason": "Portal is back"})
    crisis.refresh_from_db()
    assert crisis.state == "ended"
    assert client.get(reverse("crisis:home")).status_code == 200


def test_what_is_refused_stands_at_its_field_and_nothing_typed_is_lost(unit: Unit, leader: Person) -> None:
    playbook = PlaybookFactory.create(unit=unit)
    told = {"unit": unit.pk, "title": "Down", "reason": "Kept words", "level": "federal", "severity": 2}
    page = signed_in(leader).post(
        reverse("crisis:declare", args=[playbook.pk]), {**told, "is_exercise": "on", "freeze_scope": "unit"}
    )
    assert page.status_code == 422
    assert "An exercise never freezes anything for real." in page.content.decode()
    assert "Kept words" in page.content.decode()


@pytest.mark.parametrize("name", ["crisis_detail", "note", "freeze", "thaw", "end"])
def test_out_of_sight_is_not_found_and_not_allowed_is_refused(unit: Unit, onlooker: Person, name: str) -> None:
    crisis = CrisisFactory.create(playbook__unit=unit)
    url = reverse(f"crisis:{name}", args=[crisis.pk])
    facts = {"text": "x", "reason": "x", "scope": "unit"}
    stranger = signed_in(PersonFactory.create())
    assert (stranger.get(url) if name == "crisis_detail" else stranger.post(url, facts)).status_code == 404
    if name == "crisis_detail":
        assert signed_in(onlooker).get(url).status_code == 200
    else:
        assert signed_in(onlooker).post(url, facts).status_code == 403


@pytest.mark.longer
def test_playbooks_are_written_by_who_may(unit: Unit, onlooker: Person) -> None:
    playbook = PlaybookFactory.create(unit=unit)
    client = signed_in(onlooker)
    assert client.get(reverse("crisis:playbook_detail", args=[playbook.pk])).status_code == 200
    assert client.get(reverse("crisis:playbook_new")).status_code == 403
    assert client.get(reverse("crisis:playbook_edit", args=[playbook.pk])).status_code == 403
    assert client.get(reverse("crisis:declare", args=[playbook.pk])).status_code == 403
    stranger = signed_in(PersonFactory.create())
    assert stranger.get(reverse("crisis:playbook_detail", args=[playbook.pk])).status_code == 404


def test_a_step_that_somebody_ticked_meanwhile_is_shown(unit: Unit, leader: Person) -> None:
    step = CrisisFactory.create(playbook__unit=unit).steps.first()
    client = signed_in(leader)
    client.post(reverse("crisis:tick", args=[step.pk]))
    assert client.post(reverse("crisis:tick", args=[step.pk])).status_code == 409


@pytest.mark.longer
@pytest.mark.parametrize("count", [1, 3])
def test_the_home_page_asks_the_same_however_many_there_are(
    unit: Unit, leader: Person, count: int, django_assert_num_queries: object
) -> None:
    for _each in range(count):
        CrisisFactory.create(playbook__unit=unit)
    client = signed_in(leader)
    client.get(reverse("crisis:home"))
    with django_assert_num_queries(12):
        client.get(reverse("crisis:home"))
