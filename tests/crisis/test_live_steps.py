"""A step is worked in its place: the answer is the step, and a colleague who was quicker is named there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from crisis import actions
from crisis.models import Crisis, CrisisStep
from organisation.models import Person, Unit
from tests.factories.crisis import CrisisFactory
from tests.factories.organisation import PersonFactory, person_with

ASKED = {"HX-Request": "true"}


def work(person: Person, name: str, step: CrisisStep) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(reverse(f"crisis:{name}", args=[step.pk]), headers=ASKED)


def some_time_later() -> None:
    CrisisStep.objects.update(done_at=F("done_at") - timedelta(minutes=1))


@pytest.fixture
def crisis(unit: Unit) -> Crisis:
    return CrisisFactory.create(playbook__unit=unit)


def test_the_step_comes_back_with_what_is_done(crisis: Crisis, leader: Person) -> None:
    step = crisis.steps.filter(phase="during").first()
    assert step is not None
    answer = work(leader, "tick", step)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert page.lstrip().startswith(f'<li id="step-{step.pk}"')
    assert reverse("crisis:untick", args=[step.pk]) in page
    assert "1 of 2 done" in page
    some_time_later()
    assert "0 of 2 done" in work(leader, "untick", step).content.decode()


@pytest.mark.parametrize("headers", [ASKED, {}])
def test_the_second_click_of_a_slow_double_click_takes_nothing_back(
    crisis: Crisis, unit: Unit, leader: Person, headers: dict[str, str]
) -> None:
    """The answer to the first one puts the button that takes it back under the pointer."""
    step = crisis.steps.first()
    assert step is not None
    client = Client()
    client.force_login(leader)
    for verb in ("tick", "untick"):
        answer = client.post(reverse(f"crisis:{verb}", args=[step.pk]), headers=headers, follow=True)
    step.refresh_from_db()
    assert (answer.status_code, step.done_by) == (200, leader)
    assert "a second click takes nothing back" in answer.content.decode()
    assert work(person_with("crisis_cell", unit), "untick", step).status_code == 200, "a colleague means it"
    step.refresh_from_db()
    assert step.done_at is None


def test_who_was_quicker_is_named_in_the_place(crisis: Crisis, unit: Unit, leader: Person) -> None:
    step = crisis.steps.first()
    assert step is not None
    actions.tick_step(step=step, by=person_with("crisis_cell", unit, name="Bram Claes"))
    answer = work(leader, "tick", step)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody was there before you. Bram Claes did this step" in page
    assert reverse("crisis:untick", args=[step.pk]) in page


def test_a_step_of_what_is_over_offers_nothing(crisis: Crisis, leader: Person) -> None:
    step = crisis.steps.first()
    assert step is not None
    actions.end_crisis(crisis=crisis, by=leader, reason="Over")
    answer = work(leader, "tick", step)
    assert answer.status_code == 409
    assert "<form" not in answer.content.decode()


def test_sight_and_permission_hold_for_parts(crisis: Crisis, onlooker: Person) -> None:
    step = crisis.steps.first()
    assert step is not None
    assert work(onlooker, "tick", step).status_code == 403
    assert work(PersonFactory.create(), "tick", step).status_code == 404
    signed_out = Client().post(reverse("crisis:tick", args=[step.pk]), headers=ASKED)
    assert "HX-Redirect" in signed_out
    step.refresh_from_db()
    assert step.done_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_a_tick_asks_the_same_however_many_steps_there_are(
    crisis: Crisis, leader: Person, count: int, django_assert_num_queries: Any
) -> None:
    kept = list(crisis.steps.values_list("pk", flat=True)[:count])
    crisis.steps.exclude(pk__in=kept).delete()
    client = Client()
    client.force_login(leader)
    client.post(reverse("crisis:tick", args=[kept[0]]), headers=ASKED)
    some_time_later()
    with django_assert_num_queries(16):
        client.post(reverse("crisis:untick", args=[kept[0]]), headers=ASKED)
