"""The way to a network's page of consent and back, on the training network.

Import `simulator_server`, `simulator` and `walk` into a module of tests.
"""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts_registry.models import Account
from networks.catalogue import NETWORKS
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AccountFactory
from tests.networks.doors import answer_page
from tests.simulator.fixture import Control, simulator, simulator_server

__all__ = ["Walk", "simulator", "simulator_server", "walk"]


class Walk:
    """An account on the training network, and its manager at the browser."""

    def __init__(self, simulator: Control, house: House, settings: Settings, client: Client) -> None:
        self.simulator, self.house, self.settings, self.client = simulator, house, settings, client
        settings.EGRESS_ALLOW = frozenset({simulator.host})
        client.force_login(house.manager)

    def account(self, key: str = "mastodon", handle: str = "finances") -> Account:
        self.simulator.person(handle, "SPF Finances", kind="organisation")
        scopes = " ".join(scope.name for scope in NETWORKS[key].scopes)
        app = self.simulator.app(f"http://testserver{reverse('accounts_registry:consent_back')}", scopes)
        known = {} if NETWORKS[key].registers_itself else {name: app[name] for name in ("client_id", "client_secret")}
        self.settings.NETWORK_APPS = {**self.settings.NETWORK_APPS, key: known}
        return AccountFactory.create(
            unit=self.house.unit, network=key, handle=handle, base_url=self.simulator.url, remote_id=""
        )

    def begin(self, account: Account, purpose: str = "all") -> str:
        """The address at the network that the page leads to."""
        form = {"purpose": purpose, "base_url": account.base_url}
        answer = self.client.post(reverse("accounts_registry:consent_begin", args=[account.pk]), form)
        assert answer.status_code == 200, answer.content.decode()
        return str(answer.context["url"])

    def agree(self, address: str, handle: str = "finances", decision: str = "allow") -> dict[str, str]:
        return {name: found[0] for name, found in answer_page(self.simulator, address, handle, decision).items()}

    def back(self, told: dict[str, str], client: Client | None = None) -> str:
        """What the page that the person lands on says."""
        answer = (client or self.client).get(
            f"{reverse('accounts_registry:consent_back')}?{urlencode(told)}", follow=True
        )
        assert answer.status_code == 200
        return answer.content.decode()

    def connect(self, account: Account, purpose: str = "all") -> str:
        said = self.back(self.agree(self.begin(account, purpose)))
        account.refresh_from_db()
        return said


@pytest.fixture
def walk(simulator: Control, house: House, settings: Settings, client: Client) -> Walk:
    return Walk(simulator, house, settings, client)
