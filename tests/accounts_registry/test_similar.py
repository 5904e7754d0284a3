"""Accounts like the one that is asked for: which are shown, why, and to whom."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_registry.models import Account
from accounts_registry.queries import similar as reasons
from accounts_registry.queries.similar import Sketch, similar, similar_to
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AccountFactory, DossierFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db


def sketch(house: House, **other: Any) -> Sketch:
    asked = {
        "unit": house.unit.pk,
        "platform": "mastodon",
        "account_kind": "page",
        "proposed_handle": "taxes",
        "languages": frozenset({"fr"}),
        "audiences": frozenset({"citizens", "businesses"}),
    }
    return Sketch(**{**asked, **other})


def account(house: House, **facts: Any) -> Account:
    common = {"unit": house.unit, "handle": "zz", "languages": ["fr"], "audiences": ["citizens", "businesses"]}
    return AccountFactory.create(**{**common, **facts})


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, ["SAME_WORK"]),
        ({"kind": "group"}, ["SAME_PUBLIC"]),
        ({"audiences": ["citizens"]}, ["SAME_UNIT"]),
        ({"languages": ["nl"]}, []),
        ({"network": "bluesky"}, []),
        ({"handle": "Taxes", "languages": ["nl"]}, ["SAME_NAME"]),
        ({"handle": "taxes_news", "network": "bluesky"}, ["NEAR_NAME"]),
        ({"handle": "taxes", "network": "bluesky"}, ["NEAR_NAME"]),
        ({"handle": "tax", "network": "bluesky"}, []),
        ({"state": "archived"}, []),
    ],
    ids=str,
)
def test_why_an_account_comes_near(house: House, facts: dict[str, Any], why: list[str]) -> None:
    one = account(house, **facts)
    found = similar(house.author, sketch(house))
    expected = [(one, [getattr(reasons, name) for name in why])] if why else []
    assert [(near.account, near.reasons) for near in found] == expected


def test_another_units_account_speaks_to_the_same_public_and_is_shown_to_whom_sees_it(house: House) -> None:
    theirs = account(house, unit=UnitFactory.create(parent=house.root))
    assert [one.account for one in similar(house.manager, sketch(house))] == [theirs]
    assert similar(house.author, sketch(house)) == []


def test_the_nearest_come_first_and_a_pair_is_none(house: House) -> None:
    near, nearer = account(house), account(house, handle="taxes.fr")
    dossier = DossierFactory.create(
        unit=house.unit, proposed_handle="taxes", audiences=["citizens", "businesses"], pair_of=near
    )
    assert [one.account for one in similar(house.author, sketch(house))] == [nearer, near]
    assert [one.account for one in similar_to(house.author, dossier)] == [nearer]


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_for_rights_and_for_accounts_and_nothing_else(house: House, count: int) -> None:
    for number in range(count):
        account(house, handle=f"taxes{number}")
    with CaptureQueriesContext(connection) as asked:
        assert len([one.account.unit.name for one in similar(house.author, sketch(house))]) == count
    assert len(asked) == 3  # of rights two: the grants, and with whom services share


@pytest.mark.longer
def test_the_form_shows_them_as_it_is_typed_and_without_a_script_once_saved(client: Client, house: House) -> None:
    near = account(house, handle="taxes")
    client.force_login(house.author)
    place = reverse("accounts_registry:dossier_similar")
    typed = {"unit": house.unit.pk, "platform": "mastodon", "proposed_handle": "tax"}
    assert near.label not in client.get(place, typed).content.decode()
    page = client.get(place, {**typed, "proposed_handle": "@Taxes"}).content.decode()
    assert near.label in page
    assert "bears the same name on this network" in page
    dossier = DossierFactory.create(unit=house.unit, proposed_handle="taxes", audiences=["press"])
    for step in ("account", "reasons"):
        page = client.get(reverse("accounts_registry:dossier_edit", args=[dossier.pk, step])).content.decode()
        assert near.label in page
    assert re.search(rf'name="existing_accounts"[^>]*value="{near.pk}"', page)
    assert near.label in client.get(place, {"dossier": dossier.pk, "audiences": "citizens"}).content.decode()


def test_a_dossier_out_of_sight_is_no_base_for_it(client: Client, house: House) -> None:
    dossier = DossierFactory.create(unit=UnitFactory.create())
    client.force_login(house.author)
    place = reverse("accounts_registry:dossier_similar")
    assert client.get(place, {"dossier": dossier.pk}).status_code == 404
    client.force_login(person_with("newcomer", house.unit))
    assert client.get(place).status_code == 403
    client.force_login(house.author)
    for odd in ({"dossier": "9" * 40}, {"unit": "x"}, {"proposed_handle": "a\0b"}, {"platform": "none"}):
        assert client.get(place, odd).status_code in (200, 404), odd
