"""Accounts that do each other's work are found, and those that only look like it are not."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts_registry.enums import AccountKind, AccountState
from accounts_registry.models import Account
from accounts_registry.queries import duplicates, functional_duplicates
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AccountFactory

_numbers = count(1)


def account(**facts: Any) -> Account:
    common = {"unit_id": 1, "network": "x", "kind": AccountKind.PAGE, "languages": ["fr"], "audiences": ["citizens"]}
    return Account(pk=next(_numbers), handle="a", **{**common, **facts})


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        ({}, True),
        ({"languages": ["nl", "fr"]}, True),
        ({"languages": ["nl"]}, False),
        ({"unit_id": 2}, False),
        ({"network": "facebook"}, False),
        ({"kind": AccountKind.GROUP}, False),
        ({"audiences": ["press"]}, False),
    ],
    ids=str,
)
def test_the_same_work_is_the_same_in_all_of_it(other: dict[str, Any], is_one: bool) -> None:
    one, two = account(), account(**other)
    assert functional_duplicates([one, two]) == ([(one, two)] if is_one else [])


@pytest.mark.parametrize(
    ("these", "those", "is_one"),
    [
        (["citizens", "press", "partners"], ["citizens", "press", "partners"], True),
        (["citizens", "press", "partners"], ["citizens", "press", "partners", "staff", "students"], True),  # 3 of 5
        (["citizens", "press"], ["citizens", "press", "partners", "staff"], False),  # 2 of 4
    ],
)
def test_their_publics_are_nearly_the_same(these: list[str], those: list[str], is_one: bool) -> None:
    assert bool(functional_duplicates([account(audiences=these), account(audiences=those)])) is is_one


def test_a_pair_that_shares_two_languages_is_told_once() -> None:
    both = ["fr", "nl"]
    assert len(functional_duplicates([account(languages=both), account(languages=both)])) == 1


def test_of_very_many_the_first_are_told() -> None:
    assert len(functional_duplicates([account() for _ in range(2_000)])) == duplicates.MOST


@pytest.mark.django_db
def test_the_registry_names_them_and_leaves_out_what_is_closed(client: Client, house: House) -> None:
    AccountFactory.create(unit=house.unit, handle="one")
    AccountFactory.create(unit=house.unit, handle="two")
    AccountFactory.create(unit=house.unit, handle="over", state=AccountState.ARCHIVED)
    client.force_login(house.manager)
    answer = client.get(reverse("accounts_registry:account_list"))
    assert [(one.handle, other.handle) for one, other in answer.context["alike"]] == [("one", "two")]
    assert "seem to do the same work" in answer.content.decode()


@pytest.mark.django_db
def test_the_registry_is_narrowed_by_kind(client: Client, house: House) -> None:
    AccountFactory.create(unit=house.unit, handle="page")
    AccountFactory.create(unit=house.unit, handle="group", kind=AccountKind.GROUP)
    client.force_login(house.manager)
    listed = client.get(reverse("accounts_registry:account_list"), {"kind": "group"}).context["accounts"]
    assert [one.handle for one, _standing in listed] == ["group"]
