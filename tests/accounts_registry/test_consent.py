"""Connecting by consent, as a person walks it: from the account's page to the network's own and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts_registry import vault
from accounts_registry.actions import consenting
from accounts_registry.enums import AccountState, ConnectionState
from accounts_registry.models import Access, Account, Credential, PendingConsent, Spending
from accounts_registry.money import micro
from accounts_registry.queries import account_ref, connector_for
from networks.catalogue import NETWORKS
from networks.kinds import Need, Purpose
from networks.types import Identity
from tests.accounts_registry.walking import Walk, simulator, simulator_server, walk
from tests.factories.organisation import person_with
from tests.thorough import thorough_but

__all__ = ["simulator", "simulator_server", "walk"]

pytestmark = pytest.mark.django_db
CONSENTS = sorted(key for key, network in NETWORKS.items() if network.consent)


@pytest.mark.longer
@pytest.mark.parametrize("key", thorough_but(CONSENTS, "mastodon", "x"))
def test_every_network_that_has_a_consent(walk: Walk, key: str, events: Callable[[], list[str]]) -> None:
    account = walk.account(key)
    said = walk.connect(account)
    assert "is connected" in said, said
    assert account.connection_state == ConnectionState.CONNECTED
    assert account.remote_id
    access = account.accesses.get()
    assert (access.purpose, access.missing) == ("all", [])
    assert connector_for(account).identify().remote_id == account.remote_id
    assert events() == ["account.connected"]
    assert not PendingConsent.objects.exists()
    prices = NETWORKS[key].capabilities.prices
    spent = list(Spending.objects.values_list("amount", flat=True))
    assert spent == ([micro(prices.user)] if prices else []), "asking who somebody is costs too"


@pytest.mark.parametrize("key", thorough_but(CONSENTS, "mastodon", "x"))
def test_the_page_lists_every_scope_and_why(walk: Walk, key: str) -> None:
    """What is for listening alone, where somebody listens."""
    account, told = walk.account(key), {"webhook_secret": "s", "token": "t", "number": "1"}
    known = walk.settings.NETWORK_APPS[key]
    address = reverse("accounts_registry:account_connect", args=[account.pk])
    for app, listens in ((known, False), ({**known, **told}, True)):
        walk.settings.NETWORK_APPS = {key: app}
        page = walk.client.get(address).content.decode()
        for scope in NETWORKS[key].scopes:
            assert (f"<code>{scope.name}</code>" in page) is (listens or scope.needs != (Need.LISTEN,))
    assert "publish messages" in page
    assert "Prepare the consent" in page


@pytest.mark.longer
def test_reading_and_writing_apart(walk: Walk) -> None:
    account = walk.account()
    said = walk.connect(account, "read")
    assert "half connected" in said
    assert "send: nobody has agreed to it" in said
    assert (account.connection_state, account.may_read, account.may_write) == ("half_connected", True, False)
    assert not account.publishable
    said = walk.connect(account, "write")
    assert account.connection_state == ConnectionState.CONNECTED
    assert account.publishable
    reading, writing = account_ref(account, Purpose.READ), account_ref(account, Purpose.WRITE)
    assert reading.credentials["access_token"] != writing.credentials["access_token"]
    assert "write:statuses" not in Access.objects.get(account=account, purpose="read").scopes
    assert "read:notifications" not in Access.objects.get(account=account, purpose="write").scopes
    # One consent for everything takes the place of both.
    walk.connect(account)
    assert [access.purpose for access in account.accesses.all()] == ["all"]
    assert {one.purpose for one in Credential.objects.all()} == {"all"}


@pytest.mark.longer
def test_a_no_is_taken_kindly(walk: Walk, events: Callable[[], list[str]]) -> None:
    account = walk.account()
    said = walk.back(walk.agree(walk.begin(account), decision="deny"))
    assert "nothing has changed" in said
    assert not Credential.objects.exists()
    assert events() == []


def test_credentials_of_somebody_else_are_named(walk: Walk) -> None:
    account = walk.account()
    said = walk.back(walk.agree(walk.begin(account), handle="somebody"))
    assert "belong to \u2068@somebody\u2069" in said
    assert "approved for @finances" in said
    assert not Credential.objects.exists()


def spoiled(walk: Walk, told: dict[str, str], how: str) -> tuple[dict[str, str], Client]:
    """The way back with one thing wrong."""
    client = walk.client
    if how == "another state":
        told = {**told, "state": "x" * 43}
    elif how == "another person":
        client = Client()
        client.force_login(person_with("account_manager", walk.house.root))
    elif how == "another session":
        client = Client()
        client.force_login(walk.house.manager)
    elif how == "another host":
        walk.settings.ALLOWED_HOSTS = ["other.example", "testserver"]
        client = Client(headers={"host": "other.example"})
        client.cookies = walk.client.cookies
    elif how == "too late":
        PendingConsent.objects.update(expires_at=Now() - timedelta(seconds=1))
    elif how == "another server":
        told = {**told, "iss": "https://elsewhere.example/"}
    return told, client


@pytest.mark.longer
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("another state", "not known here"),
        ("another person", "Somebody else began"),
        ("another session", "before you signed in anew"),
        ("another host", "another address of Parvis"),
        ("too late", "More than ten minutes"),
        ("another server", "Another server than"),
    ],
)
def test_each_wrong_way_back_is_refused(walk: Walk, how: str, words: str, events: Callable[[], list[str]]) -> None:
    account = walk.account()
    told, client = spoiled(walk, walk.agree(walk.begin(account)), how)
    asked = len(walk.simulator.journal(path="/oauth/token"))
    assert words in walk.back(told, client)
    assert len(walk.simulator.journal(path="/oauth/token")) == asked, "the code went out"
    assert not Credential.objects.exists()
    assert events() == []


@pytest.mark.longer
def test_a_way_back_leads_back_once(walk: Walk) -> None:
    account = walk.account()
    told = walk.agree(walk.begin(account))
    assert "is connected" in walk.back(told)
    assert "used already" in walk.back(told)


@pytest.mark.slow
@pytest.mark.parametrize("key", CONSENTS)
@pytest.mark.parametrize(
    "meanwhile", [{"remote_id": "another"}, {"handle": "another"}, {"base_url": "https://a.example"}]
)
def test_an_account_that_became_another_meanwhile_is_given_no_key(
    walk: Walk, key: str, meanwhile: dict[str, str], events: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else connected or moved it while the network was asked who this is."""
    account, asked = walk.account(key), consenting.require_same

    def slow(*told: Any) -> Identity:
        found = asked(*told)
        Account.objects.filter(pk=account.pk).update(**meanwhile)
        return found

    monkeypatch.setattr(consenting, "require_same", slow)
    assert "the dossier was approved for" in walk.connect(account).lower()
    assert not Credential.objects.exists()
    assert events() == []


@pytest.mark.longer
def test_a_consent_for_a_server_that_an_account_has_left_since_is_refused(walk: Walk) -> None:
    account = walk.account()
    told = walk.agree(walk.begin(account))
    Account.objects.update(base_url="https://a.example")
    assert "for an account on a.example" in walk.back(told)
    assert not Credential.objects.exists()


@pytest.mark.longer
def test_what_is_kept_of_a_consent_is_sealed_and_its_door_opens_nothing_else(walk: Walk) -> None:
    account = walk.account()
    address = walk.begin(account)
    pending = PendingConsent.objects.get()
    state = parse_qs(urlsplit(address).query)["state"][0]
    kept = json.loads(vault.unseal_kept(pending.box, pending.row))
    row = " ".join(str(value) for value in PendingConsent.objects.values().get().values())
    for secret in (state, kept["verifier"], walk.client.session.session_key):
        assert secret not in row
    walk.back(walk.agree(address))
    credential = Credential.objects.filter(name="access_token").get()
    with pytest.raises(vault.Shut):
        vault.unseal_kept(credential.box, credential.row)
    with pytest.raises(vault.Broken):
        vault.unseal_kept(credential.box, vault.CONSENT + credential.row)


@pytest.mark.longer
@pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.ARCHIVED, AccountState.PLANNED])
def test_only_an_active_account(walk: Walk, state: str) -> None:
    account = walk.account()
    told = walk.agree(walk.begin(account))
    Account.objects.update(state=state)
    assert "Only an active account" in walk.back(told)
    form = {"purpose": "all", "base_url": account.base_url}
    answer = walk.client.post(reverse("accounts_registry:consent_begin", args=[account.pk]), form)
    assert (answer.status_code, Credential.objects.count()) == (422, 0)


def test_a_hostile_server_may_not_say_that_it_has_the_account(walk: Walk) -> None:
    account = walk.account()
    form = {"purpose": "all", "base_url": "https://hostile.example"}
    answer = walk.client.post(reverse("accounts_registry:consent_begin", args=[account.pk]), form)
    assert answer.status_code == 422
    assert "The dossier was approved for an account on" in answer.content.decode()
    assert walk.simulator.journal() == []


def test_without_a_registered_app_the_page_says_so(walk: Walk) -> None:
    account = walk.account("linkedin")
    walk.settings.NETWORK_APPS = {}
    page = walk.client.get(reverse("accounts_registry:account_connect", args=[account.pk])).content.decode()
    assert "not registered at this network" in page
    answer = walk.client.post(reverse("accounts_registry:consent_begin", args=[account.pk]))
    assert answer.status_code == 422


@pytest.mark.longer
@pytest.mark.parametrize("fault", ["error", "garbage"])
def test_a_network_that_stumbles_keeps_what_was(walk: Walk, fault: str) -> None:
    account = walk.account()
    walk.connect(account)
    before = account_ref(account).credentials
    told = walk.agree(walk.begin(account))
    walk.simulator.fault({"error": "status", "garbage": "html"}[fault], "POST /oauth/token")
    assert "cannot be reached" in walk.back(told)
    assert account_ref(account).credentials == before
