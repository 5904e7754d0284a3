"""A thawed system, an origin that approves everything, and a network in memory."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from networks import catalogue
from tests.factories.delivery import FakeNetwork, FakeOrigin, instead, thaw


@pytest.fixture(autouse=True)
def one_line(settings: Settings) -> None:
    """Threads would not see a test's transaction; tests of threads ask for more."""
    settings.DELIVERY_THREADS = 1


@pytest.fixture
def thawed(db: None) -> None:
    thaw()


@pytest.fixture
def origin() -> Iterator[FakeOrigin]:
    fake = FakeOrigin()
    undo = instead(fake)
    yield fake
    undo()


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> FakeNetwork:
    """Every connector of the catalogue is this one network."""
    fake = FakeNetwork()
    monkeypatch.setattr(catalogue, "connector", lambda account, egress: fake.acting_as(account))
    return fake


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Wake-ups go into this list and never to a broker."""
    knocks: list[str] = []
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: knocks.append(name))
    return knocks
