from __future__ import annotations

import pytest

from accounts_registry.models import Account
from monitoring.actions import pulling
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


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> FakeNetwork:
    """Every account speaks with this one."""
    fake = FakeNetwork()
    monkeypatch.setattr(pulling, "connector_for", lambda account, purpose=None: fake)
    return fake
