"""Who sets the steps of approval, where they hold, and what the pages and the API say of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from approvals.actions import NewStep, end_route, set_route
from approvals.models import Request, Route
from approvals.queries.routes import nearest_routes
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent
from publishing.models import Post
from tests.approvals.conftest import Town
from tests.factories.approvals import route_for
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import hash_of, new_image, submitted

pytestmark = pytest.mark.django_db

OWN, CENTRE = NewStep("own"), NewStep("centre")


def places(town: Town, unit: Any) -> list[str]:
    met = nearest_routes("post", {unit.path})
    return [one.place for route in met.values() for one in route.steps.all()]


def test_the_nearest_route_holds_and_another_takes_its_place(town: Town) -> None:
    below = UnitFactory.create(parent=town.unit)
    assert places(town, below) == []
    set_route(unit=town.root, kind="post", steps=[CENTRE], by=town.administrator)
    assert places(town, below) == ["centre"]
    route = set_route(unit=town.unit, kind="post", steps=[OWN, CENTRE], by=town.administrator)
    assert (places(town, below), places(town, town.other)) == (["own", "centre"], ["centre"])
    assert nearest_routes("answer", {below.path}) == {}
    newer = set_route(unit=town.unit, kind="post", steps=[OWN], by=town.administrator)
    with pytest.raises(Conflict):
        end_route(route=route, by=town.administrator)
    end_route(route=newer, by=town.administrator)
    assert places(town, below) == ["centre"]
    assert [one.ended_by for one in Route.objects.filter(unit=town.unit)] == [town.administrator] * 2


def test_setting_and_ending_one_is_told_in_full(town: Town) -> None:
    peer = NewStep("peer", unit=town.other, role="spokesperson", hands=2)
    route = set_route(unit=town.unit, kind="post", steps=[OWN, peer], by=town.administrator)
    end_route(route=route, by=town.administrator)
    told, ended = AuditEvent.objects.order_by("sequence")
    assert (told.verb, told.actor_id, told.unit_id) == ("route.set", town.administrator.pk, town.unit.pk)
    steps = [["own", None, "", 1], ["peer", town.other.pk, "spokesperson", 2]]
    assert told.details == {"kind": "post", "steps": steps}
    assert (ended.verb, ended.details) == ("route.ended", {"kind": "post"})


def test_who_does_not_administer_the_unit_sets_nothing(town: Town) -> None:
    for person in (town.own, town.centre, person_with("administrator", town.other)):
        with pytest.raises(PermissionDenied):
            set_route(unit=town.unit, kind="post", steps=[OWN], by=person)
    assert not Route.objects.exists()


def test_what_was_set_above_is_not_loosened_from_below(town: Town) -> None:
    local = person_with("administrator", town.unit)
    own = set_route(unit=town.unit, kind="post", steps=[OWN, CENTRE], by=local)
    set_route(unit=town.root, kind="post", steps=[CENTRE], by=town.administrator)
    with pytest.raises(PermissionDenied):
        set_route(unit=town.unit, kind="post", steps=[OWN], by=local)
    with pytest.raises(PermissionDenied):
        end_route(route=own, by=local)
    with pytest.raises(PermissionDenied):
        set_route(unit=UnitFactory.create(parent=town.unit), kind="post", steps=[OWN], by=local)
    assert places(town, town.unit) == ["own", "centre"]


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (NewStep("own", role="newcomer"), "role_1"),
        (NewStep("peer"), "unit_1"),
        (NewStep("own", hands=0), "hands_1"),
        (NewStep("own", hands=6), "hands_1"),
    ],
)
def test_a_step_that_nobody_could_take_is_refused(town: Town, step: NewStep, field: str) -> None:
    with pytest.raises(Refused) as refused:
        set_route(unit=town.unit, kind="post", steps=[step], by=town.administrator)
    assert refused.value.field == field


def test_another_unit_stands_beside_and_in_the_same_organisation(town: Town) -> None:
    for unit in (town.unit, town.root, UnitFactory.create(parent=town.unit), UnitFactory.create()):
        with pytest.raises(Refused, match="beside this one"):
            set_route(unit=town.unit, kind="post", steps=[NewStep("peer", unit=unit)], by=town.administrator)
    with pytest.raises(Refused, match="at least one step"):
        set_route(unit=town.unit, kind="post", steps=[], by=town.administrator)


# ---- Pages ----------------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_an_administrator_sets_steps_on_a_page_and_takes_them_away(town: Town, client: Client) -> None:
    client.force_login(town.administrator)
    said = {"unit": town.unit.pk, "kind": "post", "place_1": "own", "hands_1": 1, "hands_2": 1, "hands_3": 1}
    refused = client.post(reverse("approvals:route_new"), said | {"place_2": "peer"})
    assert refused.status_code == 422
    assert "Choose which other unit" in refused.content.decode()
    assert client.post(reverse("approvals:route_new"), said | {"place_2": "centre", "hands_2": 2}).status_code == 302
    route = Route.objects.get()
    assert list(route.steps.values_list("place", "hands")) == [("own", 1), ("centre", 2)]
    shown = client.get(reverse("approvals:route_list")).content.decode()
    assert "The centre: 2 people" in " ".join(shown.split())
    assert client.post(reverse("approvals:route_end", args=[route.pk])).status_code == 302
    assert places(town, town.unit) == []
    client.force_login(town.own)
    assert client.get(reverse("approvals:route_list")).status_code == 403


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"place_3": "centre"}, "place_2"),
        ({"role_2": "spokesperson"}, "place_2"),
        ({"place_2": "centre", "role_3": "spokesperson"}, "place_3"),
    ],
)
def test_a_step_of_which_something_is_said_without_saying_who_is_not_left_out(
    town: Town, client: Client, said: dict[str, str], field: str
) -> None:
    client.force_login(town.administrator)
    whole = {"unit": town.unit.pk, "kind": "post", "place_1": "own", "hands_1": 1, "hands_2": 1, "hands_3": 1}
    answer = client.post(reverse("approvals:route_new"), whole | said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Route.objects.exists()


def page(client: Client, name: str, post: Post) -> str:
    return " ".join(client.get(reverse(f"publishing:{name}", args=[post.pk])).content.decode().split())


@pytest.mark.longer
def test_the_posts_page_says_which_step_waits_and_for_whom(town: Town, client: Client) -> None:
    route_for(town.unit, {"place": "own"}, {"place": "centre", "role": "spokesperson"}, by=town.administrator)
    post = submitted(town.author, town.account)
    said, address = {"content_hash": hash_of(post)}, reverse("publishing:approve", args=[post.pk])
    client.force_login(town.own)
    assert "Read and decide" in page(client, "post_detail", post)
    assert client.post(address, said).status_code == 302

    shown = page(client, "post_detail", post)
    assert "the centre, Spokesperson: waits for one person" in shown
    assert "Read and decide" not in shown
    assert "Dirk" in shown  # who may take it
    assert client.get(reverse("publishing:approval", args=[post.pk])).status_code == 403
    client.force_login(town.centre)
    assert post.title in client.get(reverse("publishing:approvals")).content.decode()
    assert "Bram" in page(client, "approval", post)
    client.post(address, said)
    assert Post.objects.get().state == "approved"
    assert page(client, "post_detail", post).count("Approved by") == 2


@pytest.mark.longer
def test_the_page_says_how_many_people_a_step_still_asks_for(town: Town, client: Client) -> None:
    route_for(town.unit, {"place": "own", "hands": 2}, by=town.administrator)
    post = submitted(town.author, town.account)
    client.force_login(town.own)
    shown = page(client, "post_detail", post)
    assert "2 of these colleagues, because" in shown
    assert "waits for 2 people" in shown
    client.post(reverse("publishing:approve", args=[post.pk]), {"content_hash": hash_of(post)})
    shown = page(client, "post_detail", post)
    assert "One of these colleagues, because" in shown
    assert "waits for one person" in shown


@pytest.mark.longer
def test_another_unit_sees_what_it_is_asked_for_and_who_approved_goes_on(town: Town, client: Client) -> None:
    route_for(town.unit, {"place": "own"}, {"place": "peer", "unit": town.other}, by=town.administrator)
    post = submitted(town.author, town.account, new_images=[new_image({"fr": "Une rue"})])
    seen = [reverse("publishing:post_detail", args=[post.pk]), reverse("publishing:approval", args=[post.pk])]
    seen.append(reverse("publishing:image", args=[post.media.get().pk]))
    seen.append(f"/api/v1/posts/{post.pk}/")

    def answers() -> set[int]:
        found = [client.get(address) for address in seen]
        for one in found:
            _bytes = one.getvalue() if one.streaming else b""  # an image is an open file until it is read
        return {one.status_code for one in found}

    client.force_login(town.peer)
    assert answers() == {404}
    client.force_login(town.own)
    client.post(reverse("publishing:approve", args=[post.pk]), {"content_hash": hash_of(post)})
    client.force_login(person_with("newcomer", town.other))
    assert answers() == {404}
    client.force_login(town.peer)
    assert answers() == {200}
    assert client.get("/api/v1/posts/").json()["results"] == []
    assert client.post(seen[0] + "approve/", {"content_hash": hash_of(post)}).status_code == 302
    assert Post.objects.get().state == "approved"
    assert [client.get(address).status_code for address in (seen[0], seen[1], seen[3])] == [200, 302, 200]
    client.force_login(person_with("communication_cell", town.other))
    assert answers() == {404}


@pytest.mark.longer
def test_two_steps_by_the_api(town: Town, client: Client) -> None:
    route_for(town.unit, {"place": "own"}, {"place": "peer", "unit": town.other}, by=town.administrator)
    post = submitted(town.author, town.account)
    said, address = {"content_hash": hash_of(post), "planned_for": None}, f"/api/v1/posts/{post.pk}/approve/"
    client.force_login(town.own)
    first = client.post(address, said, "application/json").json()
    assert first["state"] == "in_review"
    own, peer = first["approval_steps"]
    assert (own["position"], own["approved_by"], own["waits"]) == (1, [town.own.pk], False)
    assert peer == {
        "position": 2,
        "place": "peer",
        "unit": "parks",
        "role": "",
        "people": 1,
        "waits": True,
        "approved_by": [],
    }
    assert client.post(address, said, "application/json").status_code == 403
    client.force_login(town.peer)
    second = client.post(address, said, "application/json").json()
    assert second["state"] == "approved"
    assert [one["by"] for one in second["approvals"]] == [town.peer.pk, town.own.pk]
    assert Request.objects.get().state == "cleared"


@pytest.mark.django_db(transaction=True)
def test_a_route_that_is_being_set_above_binds_who_sets_one_below(town: Town) -> None:
    """Read before the one above is there, its absence would let a looser one through."""
    local = person_with("administrator", town.unit)

    def below() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            set_route(unit=town.unit, kind="post", steps=[OWN], by=local)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        set_route(unit=town.root, kind="post", steps=[OWN, CENTRE], by=town.administrator)
        with pytest.raises(OperationalError):
            pool.submit(below).result(30)
    assert places(town, town.unit) == ["own", "centre"]
