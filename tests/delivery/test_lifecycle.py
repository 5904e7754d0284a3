"""The table of states, edge by edge: what is drawn may be walked, all else is refused, each step leaves one event."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState
from delivery.models import Delivery
from organisation import audit
from organisation.actions import offered, perform
from organisation.enums import Permission
from organisation.lifecycle import Asked, Conflict, Transition
from organisation.models import Person
from organisation.queries import story
from tests.factories.delivery import ANSWER, POST, DeliveryFactory
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

# Each edge for a post; those that ask the kind for its permission for an answer too.
WALKS = [(edge, POST) for edge in DELIVERY_LIFECYCLE.transitions]
WALKS += [(edge, ANSWER) for edge in DELIVERY_LIFECYCLE.transitions if isinstance(edge.permission, Asked)]
DRAWN = [(edge, kind, state) for edge, kind in WALKS for state in edge.sources]


def standing(kind: str, state: str) -> Delivery:
    return DeliveryFactory.create(state=state, origin_kind=kind, **FACTS.get(state, {}))


def whoever_may(transition: Transition, delivery: Delivery) -> Person | None:
    permission = DELIVERY_LIFECYCLE.permission_for(transition.name, delivery)
    return person_with(ROLE[permission], delivery.unit) if permission else None


def named(one: object) -> str:
    return getattr(one, "name", str(one))


@pytest.mark.parametrize(("transition", "kind", "state"), DRAWN, ids=named)
def test_what_the_table_draws_can_be_walked(transition: Transition, kind: str, state: str) -> None:
    delivery = standing(kind, state)
    by = whoever_may(transition, delivery)
    perform(DELIVERY_LIFECYCLE, transition.name, delivery, by=by, changes=FACTS.get(transition.target, {}))
    delivery.refresh_from_db()
    assert delivery.state == transition.target
    assert story(delivery).count() == 1


@pytest.mark.parametrize(("transition", "kind"), WALKS, ids=named)
def test_what_it_does_not_draw_cannot(transition: Transition, kind: str) -> None:
    delivery = standing(kind, DeliveryState.SENDING)
    by = whoever_may(transition, delivery)
    for state in set(DeliveryState) - set(transition.sources):
        Delivery.objects.update(state=state, **FACTS.get(state, {}))
        delivery.refresh_from_db()
        with pytest.raises(Conflict):
            perform(DELIVERY_LIFECYCLE, transition.name, delivery, by=by, changes=FACTS.get(transition.target, {}))
        delivery.refresh_from_db()
        assert delivery.state == state
    assert not story(delivery).exists()


@pytest.mark.parametrize(("transition", "kind"), WALKS, ids=named)
def test_nobody_walks_an_edge_that_is_not_theirs(transition: Transition, kind: str) -> None:
    delivery = standing(kind, transition.sources[0])
    stranger = PersonFactory.create()
    refused = PermissionDenied if transition.permission else PermissionError
    with pytest.raises(refused):
        perform(DELIVERY_LIFECYCLE, transition.name, delivery, by=stranger)
    if transition.permission:
        with pytest.raises(PermissionError):
            perform(DELIVERY_LIFECYCLE, transition.name, delivery, by=None)


@pytest.mark.parametrize("edge", ["withdraw", "reconfirm"])
@pytest.mark.parametrize(("role", "kind"), [("communication_cell", ANSWER), ("conversation_manager", POST)])
def test_who_sends_one_kind_neither_withdraws_nor_reconfirms_another(edge: str, role: str, kind: str) -> None:
    delivery = standing(kind, DeliveryState.FAILED)
    by = person_with(role, delivery.unit)
    with pytest.raises(PermissionDenied):
        perform(DELIVERY_LIFECYCLE, edge, delivery, by=by)
    assert edge not in {one.name for one in offered(DELIVERY_LIFECYCLE, delivery, by)}


@pytest.mark.parametrize("verb", ["withdraw_post", "withdraw_answer", "reconfirm_post", "reconfirm_answer"])
def test_what_the_trail_holds_under_earlier_names_is_still_told(verb: str) -> None:
    assert "%(actor)s" in str(audit.sentence(f"delivery.{verb}"))
