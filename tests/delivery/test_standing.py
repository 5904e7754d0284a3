"""Where messages stand for a page that looks by itself: what changed, and when to look again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery.actions import place_hold
from delivery.models import Delivery
from delivery.queries import Standing, deliveries_of, standing_of
from tests.factories.delivery import DeliveryFactory
from tests.factories.organisation import person_with

pytestmark = pytest.mark.usefixtures("thawed")


def made(**facts: Any) -> Delivery:
    delivery = DeliveryFactory.create()
    Delivery.objects.filter(pk=delivery.pk).update(**facts)
    delivery.refresh_from_db()
    return delivery


def in_(minutes: float) -> Any:
    return timezone.now() + timedelta(minutes=minutes)


def standing(*deliveries: Delivery) -> Standing:
    return standing_of(deliveries_of("post_variant", [one.origin_id for one in deliveries]))


def test_what_moves_is_looked_at_closely() -> None:
    sending = made(state="sending", epoch=1, lease_until=in_(1))
    assert standing(sending).every == 5
    assert standing(made(due_at=in_(1))).every == 5
    assert standing(made(state="unknown", unknown_at=in_(-1))).every == 5


def test_what_comes_later_is_looked_at_when_it_comes() -> None:
    every = standing(made(due_at=in_(60))).every
    assert every is not None
    assert 57 * 60 < every <= 58 * 60 + 1
    assert standing(made(due_at=in_(-1), not_before=in_(60))).every == pytest.approx(every, abs=5)
    assert standing(made(due_at=in_(60)), made(due_at=in_(1))).every == 5


def test_what_is_settled_or_waits_for_somebody_is_left_alone() -> None:
    assert standing(made(state="failed")).every is None
    assert standing(made(state="unknown", unknown_at=in_(-11))).every is None
    assert standing(made(due_at=in_(24 * 60))).every is None
    assert standing().every is None


def test_a_freeze_is_told_and_looked_at_now_and_then() -> None:
    delivery = made()
    by = person_with("crisis_cell", delivery.unit)
    place_hold(scope="account", account=delivery.account, reason="Crisis", by=by)
    frozen = standing(delivery)
    assert frozen.states == {delivery.origin_id: "frozen"}
    assert frozen.every == 30
    assert frozen.is_frozen


def test_only_what_stands_elsewhere_has_changed() -> None:
    before = Standing({1: "due", 2: "due", 3: "published"}, 5)
    after = Standing({1: "sending", 2: "due", 3: "published", 4: "due"}, 5)
    assert after.changed_since(before.mark) == [1]
    assert after.changed_since("x-nonsense--7-.") == []
    assert before.mark == Standing({3: "published", 2: "due", 1: "due"}, 5).mark
    assert before.mark != Standing(before.states, None).mark
    assert Standing(before.states, 999).mark == Standing(before.states, 998).mark
