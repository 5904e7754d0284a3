"""The table of states, edge by edge: what is drawn may be walked, all else is refused, each step leaves one event."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, OriginKind
from delivery.models import Delivery
from organisation.actions import perform
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Transition
from organisation.models import Person
from organisation.queries import story
from tests.factories.delivery import DeliveryFactory
from tests.factories.organisation import PersonFactory, person_with

pytestmark = pytest.mark.django_db

ROLE = {
    Permission.POST_SCHEDULE: "communication_cell",
    Permission.DELIVERY_RESOLVE: "communication_cell",
    Permission.ANSWER_WRITE: "conversation_manager",
}
FACTS: dict[str, dict[str, Any]] = {
    DeliveryState.SENDING: {"epoch": 1, "lease_until": timezone.now() + timedelta(minutes=2)},
    DeliveryState.PUBLISHED: {"remote_id": "1", "published_at": timezone.now()},
}
TABLE = list(product(DELIVERY_LIFECYCLE.transitions, DeliveryState))


def standing(transition: Transition, state: str) -> Delivery:
    kind = OriginKind.ANSWER if "answer" in transition.name else OriginKind.POST
    return DeliveryFactory.create(state=state, origin_kind=kind, **FACTS.get(state, {}))


def whoever_may(transition: Transition, delivery: Delivery) -> Person | None:
    return person_with(ROLE[transition.permission], delivery.unit) if transition.permission else None


@pytest.mark.parametrize(("transition", "state"), TABLE, ids=lambda one: getattr(one, "name", str(one)))
def test_only_what_the_table_draws_can_be_walked(transition: Transition, state: str) -> None:
    delivery = standing(transition, state)
    by = whoever_may(transition, delivery)
    changes = FACTS.get(transition.target, {})
    if state not in transition.sources:
        with pytest.raises(Conflict):
            perform(DELIVERY_LIFECYCLE, transition.name, delivery, by=by, changes=changes)
        assert not story(delivery).exists()
        return
    perform(DELIVERY_LIFECYCLE, transition.name, delivery, by=by, changes=changes)
    delivery.refresh_from_db()
    assert delivery.state == transition.target
    assert story(delivery).count() == 1


@pytest.mark.parametrize("transition", DELIVERY_LIFECYCLE.transitions, ids=lambda one: one.name)
def test_nobody_walks_an_edge_that_is_not_theirs(transition: Transition) -> None:
    delivery = standing(transition, transition.sources[0])
    stranger = PersonFactory.create()
    refused = PermissionDenied if transition.permission else PermissionError
    with pytest.raises(refused):
        perform(DELIVERY_LIFECYCLE, transition.name, delivery, by=stranger)
    if transition.permission:
        with pytest.raises(PermissionError):
            perform(DELIVERY_LIFECYCLE, transition.name, delivery, by=None)
