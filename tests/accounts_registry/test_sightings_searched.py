"""Accounts that only bear our name are found by the search of the house, by whoever may see them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.models import Sighting
from accounts_registry.queries.searching import found_for
from organisation.models import Person
from tests.factories.accounts_registry import SightingFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db


def titles(person: Person, words: str) -> list[str]:
    return [str(one.title) for found in found_for(person, words) for one in found.rows]


def test_a_sighting_is_found_by_its_name_the_name_it_shows_and_its_unit() -> None:
    unit = UnitFactory.create(names={"fr": "Finances"})
    sighting = SightingFactory.create(unit=unit, handle="spf_f1nances", shown_name="Remboursements officiels")
    reader = person_with("newcomer", unit)
    for words in ("f1nances", "remboursement officiel", "finances remboursements"):
        assert titles(reader, words) == [sighting.label], words
    assert titles(reader, "douane") == []
    assert titles(person_with("newcomer", UnitFactory.create()), "f1nances") == []


def test_what_is_no_longer_kept_is_not_found() -> None:
    sighting = SightingFactory.create(handle="spf_f1nances")
    Sighting.objects.update(key="", handle="", shown_name="", purged_at=timezone.now())
    assert titles(person_with("newcomer", sighting.unit), "sighting") == []
    assert titles(person_with("newcomer", sighting.unit), sighting.unit.name) == []


def test_the_page_of_the_search_leads_to_it(client: Client) -> None:
    sighting = SightingFactory.create(handle="spf_f1nances")
    client.force_login(person_with("newcomer", sighting.unit))
    page = client.get(reverse("search"), {"q": "f1nances"}).content.decode()
    assert reverse("accounts_registry:sighting_detail", args=[sighting.pk]) in page
