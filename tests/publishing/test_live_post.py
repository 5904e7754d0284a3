"""A post's page keeps itself up to date: only what changed is answered, and nothing when nothing did."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delivery.actions import Line, lift_hold, place_hold, send_next
from delivery.models import Delivery, Hold
from networks import catalogue
from organisation.models import Person
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import FakeNetwork, thaw
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import scheduled
from tests.publishing.conftest import House

ASKED = {"HX-Request": "true"}


@pytest.fixture
def post(house: House) -> Post:
    Hold.objects.update(lifted_at=Now())
    post = scheduled(house.author, house.approver, house.account)
    Delivery.objects.update(due_at=timezone.now())
    return post


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(post: Post) -> str:
    return reverse("publishing:post_detail", args=[post.pk])


def look(client: Client, post: Post, known: str) -> Any:
    return client.get(address(post), {"known": known}, headers=ASKED)


def publish() -> None:
    url = "https://mastodon.example/@fin/1"
    Delivery.objects.update(state="published", published_at=Now(), remote_id="1", remote_url=url)


@pytest.mark.longer
def test_the_page_looks_by_itself_until_all_is_settled(house: House, post: Post) -> None:
    client = as_(house.author)
    page = client.get(address(post))
    known = page.context["standing"].mark
    assert 'hx-trigger="every 5s"' in page.content.decode()
    still = look(client, post, known)
    assert still.status_code == 204
    assert still.content == b""
    publish()
    part = " ".join(look(client, post, known).content.decode().split())
    assert "<html" not in part
    assert "every" not in part
    assert "See it on Mastodon" in part
    assert f"{house.account.label}, Français: Published." in part
    assert "What you can do here has changed." in part
    assert "every 5s" not in client.get(address(post)).content.decode()


def test_a_freeze_is_said(house: House, post: Post) -> None:
    client = as_(house.author)
    known = client.get(address(post)).context["standing"].mark
    place_hold(scope="unit", unit=house.unit, reason="Crisis", by=person_with("crisis_cell", house.unit))
    part = " ".join(look(client, post, known).content.decode().split())
    assert "Français: Frozen." in part
    assert "Held back by a freeze" in part
    assert "every 30s" in part


@pytest.mark.longer
def test_a_post_that_is_out_speaks_of_no_freeze(house: House, post: Post) -> None:
    place_hold(scope="unit", unit=house.unit, reason="Crisis", by=person_with("crisis_cell", house.unit))
    client, told = as_(house.author), "nothing goes out until it is lifted"
    assert told in client.get(address(post)).content.decode()
    publish()
    assert told not in client.get(address(post)).content.decode()


@pytest.mark.longer
def test_a_freeze_of_the_post_s_unit_is_said_on_another_unit_s_account(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unit below speaks on the account of the one above it; only the one below is frozen."""
    thaw()
    below = UnitFactory.create(parent=house.unit)
    post = scheduled(house.author, house.approver, house.account, unit=below)
    network = FakeNetwork()
    network.validate = lambda draft: ()
    monkeypatch.setattr(catalogue, "connector", lambda account, egress: network.acting_as(account))
    Delivery.objects.update(due_at=Now())
    hold = place_hold(scope="unit", unit=below, reason="Crisis", by=person_with("crisis_cell", below))
    assert not send_next(Line())
    page = as_(house.author).get(address(post))
    assert page.context["held"] == [hold]
    assert page.context["standing"].is_frozen
    [delivery] = Delivery.objects.all()
    assert as_(house.author).get(delivery.get_absolute_url()).context["holds"] == [hold]
    lift_hold(hold=hold, by=person_with("crisis_cell", below), reason="Over")
    assert send_next(Line())
    assert len(network.calls) == 1


@pytest.mark.longer
def test_nonsense_is_answered(house: House, post: Post) -> None:
    client = as_(house.author)
    for known in ("", "x", "1.2.3--", "é" * 300):
        assert look(client, post, known).status_code == 200


def test_a_part_is_seen_by_who_sees_the_page(house: House, post: Post) -> None:
    assert look(as_(house.stranger), post, "").status_code == 404
    assert "HX-Redirect" in look(Client(), post, "")


@pytest.mark.longer
@pytest.mark.parametrize("items", [1, 3])
def test_looking_asks_the_same_however_many_messages(
    house: House, post: Post, django_assert_num_queries: Any, items: int
) -> None:
    more = [ConnectedAccountFactory.create(unit=house.unit, languages=["fr"]) for _each in range(items - 1)]
    many = scheduled(house.author, house.approver, house.account, *more)
    client = as_(house.author)
    known = client.get(address(many)).context["standing"].mark
    with django_assert_num_queries(10):
        assert look(client, many, known).status_code == 204
    publish_all(many)
    with django_assert_num_queries(8):
        assert look(client, many, known).status_code == 200


def publish_all(post: Post) -> None:
    for delivery in Delivery.objects.filter(origin_id__in=post.variants.values("pk")):
        Delivery.objects.filter(pk=delivery.pk).update(
            state="published", published_at=Now(), remote_id=f"r{delivery.pk}"
        )
