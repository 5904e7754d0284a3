"""An account that bears another name on the network than was approved is noticed when it is connected anew."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts_registry.actions import connect_account
from accounts_registry.models import Account
from accounts_registry.queries import waiting_for
from networks.types import Identity
from notices.models import Addressee
from organisation.models import AuditEvent
from tests.accounts_registry.conftest import FakeNetwork, House
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import person_with
from tests.notices.conftest import look

pytestmark = pytest.mark.django_db
TOKEN = {"access_token": "secret"}


@pytest.fixture
def account(house: House) -> Account:
    owner = person_with("newcomer", house.unit, name="Olga")
    return ConnectedAccountFactory.create(unit=house.unit, owner=owner, handle="fin", remote_id="remote-1")


def connect(account: Account, house: House, network: FakeNetwork, name: str) -> None:
    network.identity = Identity("remote-1", name, "", f"https://mastodon.example/@{name}")
    connect_account(account=account, by=house.manager, fields=TOKEN)


def told() -> set[str]:
    look("account_renamed")
    standing = Addressee.objects.filter(notice__kind="account_renamed", notice__settled_at=None)
    return {one.person.name for one in standing.select_related("person")}


def check(spelling: str) -> Any:
    answer = Client().get("/public/accounts/check.json", {"account": spelling}).json()
    return answer["answer"], [one["handle"] for one in answer["accounts"]]


@pytest.mark.parametrize("same", ["fin", "@FIN", "fin@mastodon.example", "remote-1"])
def test_the_same_name_is_no_other(account: Account, house: House, network: FakeNetwork, same: str) -> None:
    connect(account, house, network, same)
    assert (account.told_handle, told()) == ("", set())


def test_it_is_kept_told_and_over_when_it_is_named_back(
    account: Account, house: House, network: FakeNetwork, client: Client
) -> None:
    connect(account, house, network, "finances")
    assert (account.handle, account.told_handle) == ("fin", "finances")
    assert AuditEvent.objects.get().details["told_handle"] == "finances"
    assert {"Olga", "Manager"} <= told()
    lines = {str(one.act): one.url for one in waiting_for(house.manager)}
    assert lines == {"Connect the account again": reverse("accounts_registry:account_connect", args=[account.pk])}
    client.force_login(house.manager)
    page = client.get(reverse("accounts_registry:account_detail", args=[account.pk])).content.decode()
    assert "The network calls it @finances, and @fin was approved" in page
    connect(account, house, network, "fin")
    assert (account.told_handle, told()) == ("", set())
    assert waiting_for(house.manager) == []


def test_an_address_that_the_network_does_not_tell_stays(account: Account, house: House, network: FakeNetwork) -> None:
    Account.objects.update(url="https://fin.example/mastodon")
    network.identity = Identity("remote-1", "fin", "", "")
    connect_account(account=account, by=house.manager, fields=TOKEN)
    assert account.url == "https://fin.example/mastodon"
    connect(account, house, network, "fin")
    assert account.url == "https://mastodon.example/@fin"


def test_the_register_does_not_call_the_old_name_official(
    account: Account, house: House, network: FakeNetwork, client: Client
) -> None:
    assert check("https://mastodon.example/@fin") == ("official", ["fin"])
    connect(account, house, network, "finances")
    assert check("https://mastodon.example/@finances") == ("official", ["finances"])
    assert check("https://mastodon.example/@fin") == ("renamed", ["finances"])
    assert check("@fin@mastodon.example") == ("renamed", ["finances"])
    page = client.get("/public/en/accounts/check/", {"account": "@fin@mastodon.example"}).content.decode()
    assert "Whoever bears the name that you asked for is not ours" in page
    assert "It was called @fin before" in client.get(f"/public/en/accounts/{account.pk}/").content.decode()
    row = client.get("/public/accounts.json").json()["accounts"][0]
    assert (row["handle"], row["approved_as"]) == ("finances", "fin")


def test_who_bears_the_old_name_by_right_is_official(account: Account, house: House, network: FakeNetwork) -> None:
    connect(account, house, network, "finances")
    ConnectedAccountFactory.create(unit=house.unit, handle="fin2", told_handle="fin", remote_id="remote-2")
    assert check("https://mastodon.example/@fin") == ("official", ["fin"])
