"""Today: what waits, room by room; empty is a success."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts_registry.enums import DossierState
from organisation.queries.waiting import Waiting, by_urgency
from tests.factories.accounts_registry import DossierFactory
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db


def test_sign_in_first(client: Client) -> None:
    assert client.get("/").status_code == 302


@pytest.mark.longer
def test_nothing_waits_is_said(client: Client) -> None:
    client.force_login(person_with("newcomer", UnitFactory.create()))
    assert "Nothing waits for you" in client.get("/").content.decode()


def test_who_has_no_role_is_told_who_gives_one(client: Client) -> None:
    client.force_login(PersonFactory.create())
    page = client.get("/").content.decode()
    assert "You have no role yet" in page
    assert "Nothing waits for you" not in page


@pytest.mark.longer
def test_what_waits_has_its_act(client: Client) -> None:
    root = UnitFactory.create()
    unit = UnitFactory.create(parent=root)
    dossier = DossierFactory.create(unit=unit, state=DossierState.SUBMITTED, round=1)
    client.force_login(person_with("committee_chair", root))
    page = client.get("/").content.decode()
    assert "One thing waits for you" in page
    assert "Check the dossier" in page
    assert dossier.title in page


def test_the_heaviest_stands_first() -> None:
    light, heavy = Waiting("a", "", "/", "act"), Waiting("b", "", "/", "act", weight=3)
    assert by_urgency([light, heavy]) == [heavy, light]
