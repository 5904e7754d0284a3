"""The administrator hears on Today that a network's version ends, ninety days before."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone, translation

from accounts_registry.queries import waiting_for
from accounts_registry.queries.versions import ending_versions
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AccountFactory
from tests.factories.organisation import person_with

pytestmark = pytest.mark.django_db
LAST_QUIET, FIRST_TOLD, OVER = date(2027, 7, 2), date(2027, 7, 3), date(2027, 10, 1)


@pytest.fixture(autouse=True)
def usual(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PARVIS_GRAPH_VERSION", "PARVIS_LINKEDIN_VERSION"):
        monkeypatch.delenv(name, raising=False)


def test_an_administrator_is_told_ninety_days_before(house: House) -> None:
    AccountFactory.create(unit=house.unit, network="linkedin")
    chief = person_with("administrator", house.root)
    assert ending_versions(chief, LAST_QUIET) == []
    [soon] = ending_versions(chief, FIRST_TOLD)
    assert soon.title == "LinkedIn"
    assert "202610" in str(soon.detail)
    assert "1 October 2027" in str(soon.detail)
    [late] = ending_versions(chief, OVER)
    assert late.weight > soon.weight
    assert ending_versions(house.author, OVER) == []


def test_a_network_without_accounts_is_nobodys_task(house: House) -> None:
    AccountFactory.create(unit=house.unit, network="facebook")
    chief = person_with("administrator", house.root)
    assert ending_versions(chief, FIRST_TOLD) == []
    assert [one.title for one in ending_versions(chief, date(2028, 8, 6))] == ["Meta Graph"]


@pytest.mark.parametrize(("language", "told"), [("fr", "jusqu’au 1er octobre 2027"), ("nl", "tot 1 oktober 2027")])
def test_today_hears_it_in_the_persons_language(
    house: House, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    AccountFactory.create(unit=house.unit, network="linkedin")
    chief = person_with("administrator", house.root)
    with translation.override(language):
        assert "LinkedIn" not in [str(one.title) for one in waiting_for(chief)]
        monkeypatch.setattr(timezone, "localdate", lambda: FIRST_TOLD)
        [soon] = [one for one in waiting_for(chief) if one.title == "LinkedIn"]
        assert told in str(soon.detail)
