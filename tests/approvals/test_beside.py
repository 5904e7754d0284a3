"""Whoever takes a step for another unit reads it as long as their yes stands, and is told of its new time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.models import Decision
from delivery.models import Delivery
from organisation import policy
from organisation.enums import Permission
from organisation.models import Grant, Person
from publishing import actions
from publishing.actions import PostContent, Timing
from publishing.models import Post
from publishing.queries import visible_media, waiting_for
from tests.approvals.conftest import Town
from tests.factories.approvals import route_for
from tests.factories.organisation import person_with
from tests.factories.publishing import ZONE, hash_of, new_image, submitted, tomorrow
from tests.thorough import thorough_after

pytestmark = pytest.mark.django_db


def read(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def page_of(post: Post, person: Person, name: str = "post_detail") -> tuple[int, str]:
    client = Client()
    client.force_login(person)
    answer = client.get(reverse(f"publishing:{name}", args=[post.pk]))
    return answer.status_code, answer.content.decode()


@pytest.fixture
def post(town: Town) -> Post:
    """Of the roads, with a picture; the parks took the second of three steps."""
    beside = {"place": "peer", "unit": town.other}
    route_for(town.unit, {"place": "own"}, beside, {"place": "centre"}, by=town.administrator)
    when, picture = Timing(tomorrow(9), ZONE), new_image({"fr": "Un guichet"})
    made = submitted(town.author, town.account, timing=when, new_images=[picture])
    for person in (town.own, town.peer):
        actions.approve_post(post=made, by=read(person), content_hash=hash_of(made), planned_for=made.due_at)
    return made


def clear(town: Town, post: Post) -> Post:
    return actions.approve_post(post=post, by=read(town.centre), content_hash=hash_of(post), planned_for=post.due_at)


def moved(town: Town, post: Post) -> Post:
    clear(town, post)
    actions.schedule_post(post=post, by=read(town.own), timing=Timing(tomorrow(9), ZONE))
    return actions.reschedule_post(post=post, by=read(town.own), timing=Timing(tomorrow(4), ZONE))


def told(person: Person) -> list[str]:
    return [str(one.act) for one in waiting_for(read(person))]


@pytest.mark.longer
def test_what_somebody_beside_approved_they_go_on_reading(town: Town, post: Post) -> None:
    stranger = person_with("communication_cell", town.third)
    assert [page_of(post, one)[0] for one in (town.peer, stranger)] == [200, 404]
    clear(town, post)
    assert [page_of(post, one)[0] for one in (town.peer, stranger)] == [200, 404]
    actions.schedule_post(post=post, by=read(town.own), timing=Timing(tomorrow(9), ZONE))
    way = Delivery.objects.get().get_absolute_url()
    status, page = page_of(post, town.peer)
    assert (status, way in page, way in page_of(post, town.own)[1]) == (200, False, True)


def test_reading_is_all_that_they_gain(town: Town, post: Post) -> None:
    moved(town, post)
    client = Client()
    client.force_login(town.peer)
    ways = ("submit", "approve", "request_changes", "reject", "schedule", "reschedule", "unschedule", "withdraw")
    refused = {way: client.post(reverse(f"publishing:{way}", args=[post.pk])).status_code for way in ways}
    assert refused == dict.fromkeys(ways, 403)
    assert client.get(reverse("publishing:post_edit", args=[post.pk])).status_code == 403
    assert client.get(reverse("publishing:post_list")).content.decode().count(post.title) == 0
    assert [one for one in Permission if policy.allows(read(town.peer), one, Post.objects.get())] == []


@pytest.mark.longer
def test_a_new_time_is_told_to_who_approved_for_another_unit_until_they_have_seen_it(town: Town, post: Post) -> None:
    moved(town, post)
    assert ("See the new time" in told(town.peer), "See the new time" in told(town.author)) == (True, False)
    button = reverse("publishing:time_seen", args=[post.pk])
    assert button in page_of(post, town.peer)[1]
    client = Client()
    client.force_login(town.peer)
    assert client.post(button).status_code == 302
    assert ("See the new time" in told(town.peer), client.post(button).status_code) == (False, 409)
    assert Decision.objects.get(by=town.peer).planned_for == Post.objects.get().due_at


@pytest.mark.parametrize("way", thorough_after(1, ["right", "place", "edit", "withdrawal", "suspension"]))
def test_what_no_longer_rests_on_their_yes_is_out_of_their_sight(town: Town, post: Post, way: str) -> None:
    moved(town, post)
    if way == "right":
        Grant.objects.filter(person=town.peer).update(revoked_at=timezone.now())
    elif way == "place":
        Grant.objects.filter(person=town.peer).update(unit=town.third)
    elif way == "suspension":
        Person.objects.filter(pk=town.peer.pk).update(is_active=False)
    elif way == "edit":
        content = replace(PostContent.of(post), core_text="Other words")
        actions.edit_post(post=post, version=post.version, content=content, by=town.own)
    else:
        actions.withdraw_post(post=post, by=town.own, reason="Over")
    if way != "suspension":
        assert page_of(post, town.peer)[0] == 404
    assert "See the new time" not in told(town.peer)
    assert not visible_media(read(town.peer)).exists()
    with pytest.raises(PermissionDenied):
        actions.acknowledge_time(post=post, by=read(town.peer))
