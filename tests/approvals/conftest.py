from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from accounts_registry.models import Account
from organisation.models import Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.publishing.conftest import media_folder, source_sentences  # noqa: F401


@dataclass
class Town:
    """An organisation with three services beside each other, and one person for each place a step may ask for."""

    root: Unit
    unit: Unit
    other: Unit
    third: Unit
    account: Account
    author: Person
    own: Person
    peer: Person
    centre: Person
    administrator: Person


@pytest.fixture
def town(db: Any) -> Town:
    root = UnitFactory.create(slug="town")
    unit, other, third = (UnitFactory.create(parent=root, slug=slug) for slug in ("roads", "parks", "ports"))
    return Town(
        root=root,
        unit=unit,
        other=other,
        third=third,
        account=ConnectedAccountFactory.create(unit=unit, languages=["fr"]),
        author=person_with("communication_cell", unit, name="An"),
        own=person_with("communication_cell", unit, name="Bram"),
        peer=person_with("communication_cell", other, name="Cara"),
        centre=person_with("spokesperson", root, name="Dirk"),
        administrator=person_with("administrator", root, name="Els"),
    )
