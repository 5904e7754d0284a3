from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts_registry.models import Account
from accounts_registry.queries import account_ref
from monitoring.actions import looking_back, pulling
from networks.kinds import Purpose
from organisation.models import Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.monitoring.network import FakeNetwork


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create()


@pytest.fixture
def account(unit: Unit) -> Account:
    return ConnectedAccountFactory.create(unit=unit)


@pytest.fixture
def manager(unit: Unit) -> Person:
    """A conversation manager."""
    return person_with("conversation_manager", unit)


@pytest.fixture
def newcomer(unit: Unit) -> Person:
    return person_with("newcomer", unit)


def speak_with(network: FakeNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every account does from now on."""

    def connector_for(account: Account, purpose: Purpose) -> FakeNetwork:
        return network.acting_as(account_ref(account, purpose))

    monkeypatch.setattr(pulling, "connector_for", connector_for)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> FakeNetwork:
    """Every account speaks with this one."""
    fake = FakeNetwork()
    speak_with(fake, monkeypatch)
    return fake


@pytest.fixture(autouse=True)
def half_past_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look back begins where a day, an hour or five minutes turn: a test that ran across such a moment, or in the
    first hour of a day, would see another look than the one that it is about."""
    honest, apart = looking_back._turned, datetime(2026, 11, 18, 12, 32, 30, tzinfo=UTC) - datetime.now(UTC)
    monkeypatch.setattr(looking_back, "_turned", lambda before, now, every: honest(before + apart, now + apart, every))
