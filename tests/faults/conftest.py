"""The size of the run, and everything it needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.factories.delivery import FakeOrigin, instead, thaw
from tests.faults.crew import Broker
from tests.simulator.fixture import simulator, simulator_server

__all__ = ["simulator", "simulator_server"]


@dataclass(frozen=True)
class Size:
    """`seconds` is the time over which the deliveries fall due, `down` how long the broker is away."""

    deliveries: int
    accounts: int
    kills_each: int
    seconds: float
    down: float
    environment: dict[str, str]


SMALL = Size(40, 4, 1, 12, 6, {"PARVIS_DELIVERY_LEASE": "3", "PARVIS_FAULT_SETTLE": "3", "PARVIS_FAULT_PACE": "0.2"})
FULL = Size(1_000, 10, 5, 200, 130, {"PARVIS_DELIVERY_LEASE": "20"})


@pytest.fixture(scope="session")
def size() -> Size:
    return FULL if os.environ.get("PARVIS_FAULTS") == "full" else SMALL


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path)
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def ready(transactional_db: None) -> Iterator[None]:
    """A thawed system in a database that other processes see."""
    thaw()
    undo = instead(FakeOrigin())
    yield
    undo()
