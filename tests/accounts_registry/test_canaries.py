"""S4: a secret that is put into any credential appears nowhere else. For every network."""

from __future__ import annotations

import base64
import inspect
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts_registry.actions import disconnect_account, look_up, renew_due, revoke_pending, subscribe_due
from accounts_registry.models import Access, Account
from accounts_registry.queries import account_ref
from delivery.actions import Line, send_next
from monitoring.actions import pull_what_is_due
from networks import catalogue
from networks.catalogue import NETWORKS
from organisation.lifecycle import Refused
from tests.accounts_registry.conftest import House
from tests.accounts_registry.test_vault import everything_in_the_database
from tests.accounts_registry.walking import Walk, simulator, simulator_server, walk
from tests.factories.accounts_registry import AccountFactory, ConnectedAccountFactory
from tests.factories.delivery import DeliveryFactory, FakeOrigin, instead, thaw
from tests.factories.prices import give_budget
from tests.simulator.fixture import Control

__all__ = ["simulator", "simulator_server", "walk"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CANARY = "canary-5e1f-do-not-leak"
KEYS = sorted(key for key, network in NETWORKS.items() if network.holds_accounts)
NAMES = ("access_token", "refresh_token", "client_id", "client_secret", "user_token", "proof", "app_password")
# Those that the settings keep quiet are asked to speak.
TALKATIVE = ("", "httpx", "httpcore", "urllib3", "requests", "mastodon", "atproto", "tweepy", "googleapiclient")


class Places:
    """All that a secret could leak into."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.caplog = caplog
        self.said: list[str] = []

    def page(self, answer: Any) -> None:
        self.said.append(answer.content.decode())
        self.said.append(str(answer.headers))

    def all(self) -> dict[str, str]:
        return {
            "database": everything_in_the_database(),
            "log": self.caplog.text,
            "pages, errors and messages": "\n".join(self.said),
        }

    def hold_none_of(self, *secrets: str) -> None:
        for place, text in self.all().items():
            for secret in secrets:
                raw = secret.encode()
                for form in (secret, raw.hex(), base64.b64encode(raw).decode().rstrip("=")):
                    assert form not in text, f"a secret is in: {place}"


@pytest.fixture
def places(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Places:
    for name in TALKATIVE:
        caplog.set_level(logging.DEBUG, logger=name)
    caplog.set_level(logging.WARNING, logger="factory")  # the tests' own, which says what it makes
    found = Places(caplog)
    monkeypatch.setattr(current_app, "send_task", lambda *told, **more: found.said.append(f"{told} {more}"))
    return found


@pytest.fixture
def sending() -> Iterator[None]:
    thaw()
    undo = instead(FakeOrigin())
    yield
    undo()


def act(account: Account, places: Places, house: House) -> None:
    """All that workers do with an account, and how it ends."""
    DeliveryFactory.create(account=account, text="Bonjour")
    for work in (
        lambda: send_next(Line()),
        lambda: pull_what_is_due(seconds=5),
        lambda: renew_due(seconds=10),
        lambda: subscribe_due(seconds=10),
        lambda: look_up(account=account, address=f"{account.base_url}/@finances/1", patience=1),
        lambda: places.said.append(repr(account_ref(account)) + str(account_ref(account))),
    ):
        try:
            work()
        except Refused as refused:
            places.said.append(repr(refused))
    account.refresh_from_db()
    disconnect_account(account=account, by=house.manager, reason="Moving on")
    revoke_pending(seconds=10)


def look(client: Client, account: Account, places: Places) -> None:
    for address in (
        "/",
        "/registry/",
        f"/registry/accounts/{account.pk}/",
        f"/registry/accounts/{account.pk}/connect/",
    ):
        places.page(client.get(address))
    places.page(client.get(f"/api/v1/accounts/{account.pk}/"))
    places.page(client.get("/organisation/audit/"))


@pytest.mark.parametrize("key", KEYS)
def test_wrong_secrets_leak_nowhere(
    key: str,
    house: House,
    simulator: Control,
    settings: Settings,
    places: Places,
    sending: None,
    client: Client,
) -> None:
    """A network refuses them, and what refuses says most."""
    settings.EGRESS_ALLOW = frozenset({simulator.host})
    hooks = {"webhook_secret": f"{CANARY}-hook", "token": f"{CANARY}-token", "number": "1"}
    settings.NETWORK_APPS = {key: {"client_id": "known", "client_secret": f"{CANARY}-app", **hooks}}
    typed = [field.name for field in NETWORKS[key].fields]
    secrets = {name: f"{CANARY}-{name}" for name in {*NAMES, *typed}}
    facts = {"unit": house.unit, "network": key, "handle": "finances", "base_url": simulator.url}
    account = ConnectedAccountFactory.create(**facts, credentials=secrets)
    give_budget(account, 100)
    past = Now() - timedelta(minutes=1)
    Access.objects.create(account=account, purpose="all", expires_at=past, renew_at=past)
    client.force_login(house.manager)
    look(client, account, places)
    form = {one.name: f"{CANARY}-{one.name}" if one.secret else "finances" for one in NETWORKS[key].fields}
    form["base_url"] = simulator.url
    places.page(client.post(f"/registry/accounts/{account.pk}/connect/", form))
    places.page(client.get(reverse("accounts_registry:consent_back"), {"state": CANARY, "code": CANARY}))
    act(account, places, house)
    look(client, account, places)
    places.hold_none_of(CANARY)


@pytest.mark.parametrize("key", sorted(key for key, network in NETWORKS.items() if network.consent))
def test_right_secrets_leak_nowhere(walk: Walk, key: str, places: Places, sending: None) -> None:
    """A network gives them, takes them, and has them back."""
    account = walk.account(key)
    walk.connect(account)
    give_budget(account, 100)
    secrets = [value for name, value in account_ref(account).credentials.items() if name != "client_id"]
    assert len(secrets) == len([one for one in secrets if len(one) > 15])
    look(walk.client, account, places)
    act(account, places, walk.house)
    look(walk.client, account, places)
    places.hold_none_of(*secrets)


@pytest.mark.parametrize("debug", [True, False])
def test_an_error_page_tells_nothing_that_was_typed_in(
    house: House, client: Client, places: Places, settings: Settings, monkeypatch: pytest.MonkeyPatch, debug: bool
) -> None:
    settings.DEBUG = debug
    account = AccountFactory.create(unit=house.unit)
    client.force_login(house.manager)
    client.raise_request_exception = False

    def breaks(ref: Any, egress: Any) -> Any:
        held = dict(ref.credentials)
        raise RuntimeError(f"a fault beside {len(held)} secrets")

    monkeypatch.setattr(catalogue, "connector", breaks)
    form = {"access_token": CANARY, "base_url": account.base_url}
    answer = client.post(f"/registry/accounts/{account.pk}/connect/?code={CANARY}", form)
    assert answer.status_code == 500
    assert ("breaks" in answer.content.decode()) == debug
    places.page(answer)
    places.hold_none_of(CANARY)


def test_no_wake_up_carries_anything() -> None:
    """What the broker holds are names: whoever reads it reads no secret."""
    current_app.loader.import_default_modules()
    ours = {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}
    assert "accounts_registry.tasks.renew_due" in ours
    assert {name for name, task in ours.items() if inspect.signature(task.run).parameters} == set()
