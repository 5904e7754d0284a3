from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from accounts_registry.models import Account
from organisation.models import Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory, person_with


@dataclass
class House:
    """One service with one connected account, and the people around a post."""

    unit: Unit
    account: Account
    newcomer: Person
    author: Person
    approver: Person
    auditor: Person
    stranger: Person


@pytest.fixture(autouse=True)
def source_sentences() -> Iterator[None]:
    """Tests read the sentences as they stand in the code, whatever language this installation speaks."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def media_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def house(db: None) -> House:
    unit = UnitFactory.create(slug="finance")
    account = ConnectedAccountFactory.create(unit=unit, handle="fin", languages=["fr"])
    elsewhere = UnitFactory.create(slug="mobility")
    return House(
        unit=unit,
        account=account,
        newcomer=person_with("newcomer", unit, name="Nora"),
        author=person_with("communication_cell", unit, name="An"),
        approver=person_with("communication_cell", unit, name="Bram"),
        auditor=person_with("auditor", unit, name="Aud"),
        stranger=person_with("communication_cell", elsewhere, name="Stranger"),
    )
