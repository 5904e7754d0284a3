"""A freeze is lifted from where it was placed, or above."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from delivery.actions import lift_hold, place_hold
from delivery.enums import COPIES, HoldCause, HoldScope
from delivery.models import Hold
from organisation.models import Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def below(db: None) -> Unit:
    return UnitFactory.create(parent=UnitFactory.create(slug="root"))


@pytest.mark.parametrize("scope", [HoldScope.UNIT, HoldScope.ACCOUNT])
def test_what_was_placed_above_is_not_lifted_below(below: Unit, scope: str, client: Client) -> None:
    root = Unit.objects.get(slug="root")
    facts = {"account": ConnectedAccountFactory.create(unit=below)} if scope == HoldScope.ACCOUNT else {"unit": below}
    hold = place_hold(scope=scope, reason="Fire", by=person_with("administrator", root), **facts)
    local = person_with("administrator", below)
    for nobody in (local, person_with("crisis_cell", below)):
        with pytest.raises(PermissionDenied, match="placed further up"):
            lift_hold(hold=hold, by=nobody)
    client.force_login(local)
    answer = client.post(reverse("delivery:hold_lift", args=[hold.pk]), {"reason": "Enough"})
    assert answer.status_code == 403
    assert "placed further up" in answer.content.decode()
    page = client.get(reverse("delivery:hold_list")).content.decode()
    assert "placed further up" in page
    assert reverse("delivery:hold_lift", args=[hold.pk]) not in page
    assert lift_hold(hold=hold, by=person_with("administrator", root), reason="It is out").lifted_at
    assert "“It is out”" in client.get(reverse("delivery:hold_list")).content.decode()


@pytest.mark.parametrize("cause", [*COPIES, HoldCause.NEW_SYSTEM, HoldCause.AWAY])
def test_who_says_go_reads_first_what_to_make_sure_of(below: Unit, cause: str, client: Client) -> None:
    Hold.objects.update(lifted_at=Now())
    Hold.objects.create(scope=HoldScope.ORGANISATION, cause=cause)
    for who, told in (
        (person_with("administrator", Unit.objects.get(slug="root")), True),
        (person_with("administrator", below), False),
    ):
        client.force_login(who)
        page = client.get(reverse("delivery:hold_list")).content.decode()
        assert ("Before you say go" in page) is (told and cause != HoldCause.AWAY)


def test_what_the_crisis_cell_placed_its_units_administrator_does_not_lift(below: Unit) -> None:
    root = Unit.objects.get(slug="root")
    cell, colleague = person_with("crisis_cell", below), person_with("spokesperson", below)
    for lifter in (colleague, person_with("administrator", root), person_with("crisis_cell", root)):
        hold = place_hold(scope=HoldScope.UNIT, unit=below, reason="Fire", by=cell)
        with pytest.raises(PermissionDenied, match="crisis cell placed"):
            lift_hold(hold=hold, by=person_with("administrator", below))
        assert lift_hold(hold=hold, by=lifter).lifted_at


def test_an_administrator_lifts_what_a_colleague_placed(below: Unit) -> None:
    hold = place_hold(scope=HoldScope.UNIT, unit=below, reason="Fire", by=person_with("administrator", below))
    assert lift_hold(hold=hold, by=person_with("administrator", below)).lifted_at
