from __future__ import annotations

import pytest
from django.db.models.functions import Now

from delivery.models import Hold
from organisation.models import Person, Unit
from tests.factories.organisation import UnitFactory, person_with


@pytest.fixture
def unit(db: None) -> Unit:
    """Of a Parvis that is no longer new: somebody has said go."""
    Hold.objects.update(lifted_at=Now())
    return UnitFactory.create()


@pytest.fixture
def leader(unit: Unit) -> Person:
    """Somebody of the crisis cell."""
    return person_with("crisis_cell", unit)


@pytest.fixture
def onlooker(unit: Unit) -> Person:
    """Sees playbooks and crises, leads none."""
    return person_with("newcomer", unit)
