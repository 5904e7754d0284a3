"""A person at the pages of a running Parvis, who keeps all that they show."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from urllib.parse import urlencode

import requests
from django.urls import reverse

from accounts_registry.models import Account
from networks.catalogue import NETWORKS
from organisation.models import Person
from tests.factories.sessions import session_of
from tests.networks.doors import answer_page
from tests.simulator.fixture import Control

PERSON = "finances"  # as whom they sign in at the networks


class Visitor:
    """Signed in as `person`. `seen` is every answer, its headers included."""

    def __init__(self, address: str, person: Person) -> None:
        self.address = address
        self.seen: list[str] = []
        self.once: set[str] = set()  # what a network gave for a single use, and no log may hold
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set("sessionid", session_of(person))

    def get(self, path: str) -> str:
        return self._kept(self._session.get(f"{self.address}{path}", timeout=60))

    def post(self, path: str, form: dict[str, str], *, status: int = 200) -> str:
        token = {"X-CSRFToken": self._session.cookies.get("csrftoken", "")}
        return self._kept(self._session.post(f"{self.address}{path}", form, headers=token, timeout=60), status)

    def _kept(self, answer: requests.Response, status: int = 200) -> str:
        steps = [*answer.history, answer]
        self.seen += [f"{step.url}\n{step.headers}\n{step.text}" for step in steps if step.url not in self.once]
        assert answer.status_code == status, f"{answer.url}: {answer.status_code}\n{answer.text[:2000]}"
        return answer.text

    def connect(self, account: Account, simulator: Control, typed: Mapping[str, str]) -> None:
        """By consent where the network has it, else by what is `typed` in."""
        self.get(reverse("accounts_registry:account_connect", args=[account.pk]))
        if NETWORKS[account.network].consent:
            self._agree(account, simulator)
            return
        path = reverse("accounts_registry:account_connect", args=[account.pk])
        self.post(path, {**typed, "base_url": account.base_url})

    def _agree(self, account: Account, simulator: Control) -> None:
        form = {"purpose": "all", "base_url": account.base_url}
        page = self.post(reverse("accounts_registry:consent_begin", args=[account.pk]), form)
        link = re.search(rf'href="({re.escape(simulator.url)}[^"]+)" rel="noreferrer"', page)
        assert link, page
        told = {name: found[0] for name, found in answer_page(simulator, html.unescape(link[1]), PERSON).items()}
        back = f"{reverse('accounts_registry:consent_back')}?{urlencode(told)}"
        self.once |= {told["code"], told["state"], f"{self.address}{back}"}
        self.get(back)

    def look_around(self, accounts: list[Account]) -> None:
        """Every page that tells of these accounts, and of the deliveries, streams and events that they have."""
        for place in ("today", "accounts_registry:account_list", "organisation:audit", "delivery:unresolved"):
            self.get(reverse(place))
        for place in ("conversations:inbox", "monitoring:stream_list", "account-list", "mention-list"):
            self.get(reverse(place))
        for model in ("accounts_registry_account", "monitoring_stream"):
            self.get(reverse(f"admin:{model}_changelist"))
        for account in accounts:
            for place in ("account_detail", "account_connect"):
                self.get(reverse(f"accounts_registry:{place}", args=[account.pk]))
            self.get(reverse("account-detail", args=[account.pk]))
            self.get(reverse("admin:accounts_registry_account_change", args=[account.pk]))
            for delivery in account.deliveries.all():
                self.get(reverse("delivery:delivery_detail", args=[delivery.pk]))
            for stream in account.streams.all():
                self.get(reverse("admin:monitoring_stream_change", args=[stream.pk]))
