"""Servers that set limits of their own are asked by the workers; pages and checks go by what they said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from accounts_registry import actions
from accounts_registry.enums import AccountState
from accounts_registry.models import Account, Server
from accounts_registry.queries import account_ref, bare_ref, capabilities_of, server_facts
from networks import catalogue
from networks.egress import Egress
from networks.kinds import ServerFacts
from networks.types import Draft
from tests.factories.accounts_registry import AccountFactory
from tests.networks.loopback import Asked, Reply, answer, serve
from tests.simulator.fixture import Control, simulator, simulator_server

__all__ = ["simulator", "simulator_server"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(simulator: Control, settings: Settings) -> Account:
    settings.EGRESS_ALLOW = frozenset({simulator.host})
    return AccountFactory.create(network="mastodon", base_url=simulator.url, state=AccountState.ACTIVE)


def asked(simulator: Control) -> int:
    return len(simulator.journal("GET", "/api/v2/instance"))


def test_a_server_is_asked_once_in_a_while(simulator: Control, account: Account) -> None:
    assert server_facts(account) == ServerFacts()
    assert capabilities_of(account).alt_limit == 1500
    actions.ask_servers()
    actions.ask_servers()
    assert asked(simulator) == 1
    assert server_facts(account).limits["alt_limit"] == 10_000
    assert capabilities_of(account).alt_limit == 10_000
    assert account_ref(account).limits == bare_ref(account).limits == server_facts(account).limits
    assert account_ref(account).software == bare_ref(account).software == "mastodon"
    assert bare_ref(account).credentials == {}
    Server.objects.update(asked_at=Now() - timedelta(hours=7))
    actions.ask_servers()
    assert asked(simulator) == 2


def test_a_server_that_does_not_answer_keeps_what_it_said(simulator: Control, account: Account) -> None:
    actions.ask_servers()
    said = server_facts(account)
    simulator.fault("status", "GET /api/v2/instance", status=503)
    Server.objects.update(asked_at=None)
    actions.ask_servers()
    assert asked(simulator) == 2
    assert server_facts(account) == said


def test_nobody_asks_for_accounts_that_do_not_act_or_networks_with_one_limit(
    simulator: Control, account: Account
) -> None:
    Account.objects.update(state=AccountState.SUSPENDED)
    AccountFactory.create(network="linkedin", base_url=simulator.url, state=AccountState.ACTIVE)
    actions.ask_servers()
    assert asked(simulator) == 0
    assert not Server.objects.exists()


def test_a_text_is_checked_by_the_servers_own_limit(settings: Settings) -> None:
    def script(_asked: Asked) -> Reply:
        return answer({"configuration": {"statuses": {"max_characters": 700, "characters_reserved_per_url": 10}}})

    with serve(script) as server:
        settings.EGRESS_ALLOW = server.allow
        account = AccountFactory.create(network="mastodon", base_url=server.url, state=AccountState.ACTIVE)
        draft = Draft("a" * 650, "fr")
        before = catalogue.connector(bare_ref(account), Egress()).validate(draft)
        actions.ask_servers()
        after = catalogue.connector(bare_ref(account), Egress()).validate(draft)
    assert [(problem.code, problem.limit) for problem in before] == [("text_too_long", 500)]
    assert after == ()
