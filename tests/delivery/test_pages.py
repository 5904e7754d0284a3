"""Every page: who sees it, what it does, what it says when refused, and how many queries a list takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delivery.enums import DeliveryState, HoldScope
from delivery.forms import HoldForm, ReconfirmForm
from delivery.models import Delivery, Hold
from networks.types import PostRef
from organisation.models import Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import DeliveryFactory, FakeNetwork, FakeOrigin
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.usefixtures("thawed", "origin")


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create()


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def uncertain(unit: Unit, **facts: object) -> Delivery:
    long_ago = timezone.now() - timedelta(minutes=20)
    return DeliveryFactory.create(
        account=ConnectedAccountFactory.create(unit=unit),
        state=DeliveryState.UNKNOWN,
        unknown_at=long_ago,
        first_attempt_at=long_ago,
        epoch=1,
        **facts,
    )


PAGES = ["delivery:unresolved", "delivery:hold_list", "delivery:hold_new"]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_asked_to_sign_in(client: Client, unit: Unit, name: str) -> None:
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize(
    ("role", "expected"),
    [("communication_cell", 200), ("newcomer", 200), ("administrator", 404), ("committee_member", 200)],
)
def test_a_delivery_is_seen_by_whoever_sees_posts(unit: Unit, role: str, expected: int) -> None:
    delivery = uncertain(unit)
    assert as_(person_with(role, unit)).get(delivery.get_absolute_url()).status_code == expected
    elsewhere = person_with("communication_cell", UnitFactory.create())
    assert as_(elsewhere).get(delivery.get_absolute_url()).status_code == 404


def test_deciding_takes_the_permission(unit: Unit) -> None:
    delivery = uncertain(unit)
    url = reverse("delivery:delivery_decide", args=[delivery.pk])
    facts = {"verdict": "give_up", "reason": "I looked"}
    assert as_(person_with("newcomer", unit)).post(url, facts).status_code == 403
    outside = person_with("communication_cell", UnitFactory.create())
    assert as_(outside).post(url, facts).status_code == 404
    assert as_(person_with("communication_cell", unit)).post(url, facts).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.CANCELLED


def test_a_decision_keeps_what_was_typed_when_refused(unit: Unit, network: FakeNetwork) -> None:
    delivery = uncertain(unit)
    client = as_(person_with("communication_cell", unit))
    url = reverse("delivery:delivery_decide", args=[delivery.pk])
    answer = client.post(url, {"verdict": "confirm_there", "published_url": "see there", "reason": "I looked at it"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This is not the address of a message" in page
    assert "I looked at it" in page
    there = {"verdict": "confirm_there", "published_url": "https://mastodon.example/@fin/1", "reason": "I saw it"}
    network.places[there["published_url"]] = PostRef("1", there["published_url"])
    assert client.post(url, there).status_code == 302
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_url) == (DeliveryState.PUBLISHED, "https://mastodon.example/@fin/1")
    assert client.post(url, there).status_code == 409


@pytest.mark.longer
def test_a_late_message_gets_a_new_time(unit: Unit, origin: FakeOrigin) -> None:
    account = ConnectedAccountFactory.create(unit=unit)
    delivery = DeliveryFactory.create(account=account, state=DeliveryState.EXPIRED, problem_code="too_late")
    url = reverse("delivery:delivery_reconfirm", args=[delivery.pk])
    assert as_(person_with("newcomer", unit)).post(url, {"due_at": "2030-05-01T09:00"}).status_code == 403
    client = as_(person_with("communication_cell", unit))
    assert client.get(delivery.get_absolute_url()).status_code == 200
    assert client.post(url, {"due_at": "2020-05-01T09:00"}).status_code == 422
    assert client.post(url, {"due_at": "2030-03-31T02:30"}).status_code == 422  # skipped by summer time
    assert client.post(url, {"due_at": "2030-05-01T09:00"}).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DUE
    assert delivery.due_at.isoformat() == "2030-05-01T07:00:00+00:00"
    assert origin.told == [(delivery.pk, "due")]


@pytest.mark.longer
def test_freezing_and_thawing_by_page(unit: Unit) -> None:
    cell = as_(person_with("crisis_cell", unit))
    new = reverse("delivery:hold_new")
    assert as_(person_with("newcomer", unit)).get(new).status_code == 403
    assert cell.get(new).status_code == 200
    assert cell.post(new, {"scope": HoldScope.UNIT, "reason": "Fire"}).status_code == 422
    assert cell.post(new, {"scope": HoldScope.ORGANISATION, "reason": " "}).status_code == 422
    assert cell.post(new, {"scope": HoldScope.ORGANISATION, "reason": "Fire"}).status_code == 302
    hold = Hold.objects.in_force().get()
    listed = as_(person_with("newcomer", unit)).get(reverse("delivery:hold_list")).content.decode()
    assert "Fire" in listed
    lift = reverse("delivery:hold_lift", args=[hold.pk])
    assert lift not in listed
    assert as_(person_with("newcomer", unit)).post(lift, {"reason": "Over"}).status_code == 403
    outside = person_with("crisis_cell", UnitFactory.create())
    assert as_(outside).post(lift, {"reason": "Over"}).status_code == 404
    assert cell.post(lift, {"reason": ""}).status_code == 422
    assert cell.post(lift, {"reason": "Over"}).status_code == 302
    assert not Hold.objects.in_force().exists()
    assert cell.post(lift, {"reason": "Over"}).status_code == 409


def test_only_units_below_ones_grant_can_be_frozen(unit: Unit) -> None:
    below = UnitFactory.create(parent=unit)
    cell = as_(person_with("crisis_cell", below))
    facts = {"scope": HoldScope.UNIT, "unit": unit.pk, "reason": "Fire"}
    assert cell.post(reverse("delivery:hold_new"), facts).status_code == 422
    assert cell.post(reverse("delivery:hold_new"), {"scope": "organisation", "reason": "Fire"}).status_code == 422
    assert cell.post(reverse("delivery:hold_new"), facts | {"unit": below.pk}).status_code == 302


@pytest.mark.longer
def test_the_lists_take_the_same_queries_for_one_and_for_three(unit: Unit, django_assert_num_queries: object) -> None:
    client = as_(person_with("communication_cell", unit))
    client.get(reverse("delivery:unresolved"))
    for more in (1, 2):
        for _one in range(more):
            uncertain(unit)
            account = ConnectedAccountFactory.create(unit=unit)
            DeliveryFactory.create(account=account, state=DeliveryState.FAILED, problem_code="invalid")
            DeliveryFactory.create(account=account, incomplete=True)
        with django_assert_num_queries(13):
            assert client.get(reverse("delivery:unresolved")).status_code == 200


def test_freezes_take_the_same_queries_for_one_and_for_three(unit: Unit, django_assert_num_queries: object) -> None:
    person = person_with("crisis_cell", unit)
    client = as_(person)
    client.get(reverse("delivery:hold_list"))
    for more in (1, 2):
        for _one in range(more):
            account = ConnectedAccountFactory.create(unit=unit)
            Hold.objects.create(scope="account", unit=unit, account=account, reason="x", placed_by=person)
        with django_assert_num_queries(11):
            assert client.get(reverse("delivery:hold_list")).status_code == 200


@pytest.mark.parametrize("moment", ["9999-12-31T23:59-14:00", "9999-12-31T23:59", "0001-01-01T00:00+14:00"])
def test_no_freeze_and_no_new_time_lies_where_no_page_can_show_it(db: None, moment: str) -> None:
    unit = UnitFactory.create()
    told = {"scope": "unit", "unit": unit.pk, "reason": "A", "until": moment}
    freeze = HoldForm(told, person=person_with("crisis_cell", unit))
    again = ReconfirmForm({"due_at": moment}, delivery=DeliveryFactory.create())
    assert set(freeze.errors) == {"until"}
    assert set(again.errors) == {"due_at"}
