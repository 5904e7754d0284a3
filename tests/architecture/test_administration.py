"""The technical administration by rules: one permission opens it, it shows, and nothing in it can be written.

Its addresses are made by Django for each model that is registered, so they are walked instead of listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from organisation.admin import administration
from tests.architecture.access import ADMINISTRATOR, EVERYONE
from tests.architecture.asking import NOBODY, send, visitor
from tests.architecture.world import World

pytestmark = pytest.mark.django_db

MODELS = sorted(administration._registry, key=lambda model: model._meta.label)
PLAIN = ("index", "jsi18n", "autocomplete", "password_change", "password_change_done")


def addresses(model: Any) -> Iterator[str]:
    """Every address of a model's administration, of a row that is there where one is asked for."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model.objects.order_by("-pk").first()
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    for page in ("change", "delete", "history"):
        yield reverse(f"{name}_{page}", args=[row.pk if row else 1])


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_who_lacks_the_permission_stays_outside(model: Any, world: World) -> None:
    people = [NOBODY, world.suspended, *(world.insiders[role] for role in sorted(EVERYONE - {ADMINISTRATOR}))]
    for address in addresses(model):
        for person in people:
            for method in ("GET", "POST"):
                answer = send(visitor(world, person), address, method)
                assert (answer.status, answer.events) in {(302, 0), (403, 0), (404, 0)}, (address, method)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_an_administrator_writes_nothing_past_an_action(model: Any, world: World) -> None:
    client = visitor(world, world.insiders[ADMINISTRATOR])
    changeable = model._meta.label == "organisation.Unit"  # its form calls the action
    for address in addresses(model):
        answer = send(client, address, "POST")
        due = {200, 302, 403} if changeable and address.endswith("/change/") else {403}
        if address.endswith("history/"):
            due = {200, 403}
        if address == reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"):
            due = {200, 302, 403}
        if not model.objects.exists():  # no such row: back to the start
            due = due | {302}
        assert answer.status in due, address
        assert answer.events == 0, address
    bulk = {"action": "delete_selected", "_selected_action": [1], "post": "yes"}
    before = model.objects.count()
    send(client, f"/admin/{model._meta.app_label}/{model._meta.model_name}/", "POST", bulk)
    assert model.objects.count() == before


@pytest.mark.parametrize("name", PLAIN)
def test_its_own_pages_are_closed_to_others(name: str, world: World) -> None:
    address = reverse(f"admin:{name}")
    for person in (NOBODY, world.suspended, world.insiders["communication_cell"]):
        assert send(visitor(world, person), address, "GET").status in {302, 403, 404}
