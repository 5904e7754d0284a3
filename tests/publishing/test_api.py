"""The API walks the same way and explains at the field."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organisation.models import Person
from publishing.content import images
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.films import MP4, VTT
from tests.factories.publishing import ZONE, draft, hash_of, new_image, picture, submitted, tomorrow
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
POSTS = "/api/v1/posts/"


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(person: Person, path: str, body: dict[str, Any], method: str = "post") -> Any:
    return getattr(as_(person), method)(f"{POSTS}{path}", body, content_type="application/json")


def new(house: House, **facts: Any) -> dict[str, Any]:
    variants = [{"account": house.account.pk, "language": "fr"}]
    text = {"title": "Tax return", "language": "fr", "core_text": "Votre déclaration est prête."}
    return {"unit": "finance", **text, "variants": variants, **facts}


def test_the_whole_way(house: House) -> None:
    made = send(house.newcomer, "", new(house))
    assert made.status_code == 201, made.content
    path = f"{made.json()['id']}/"
    changed = send(house.newcomer, path, {"version": 1, "core_text": "Une autre phrase."}, "patch").json()
    assert changed["variants"][0]["said"] == "Une autre phrase."
    asked = send(house.newcomer, f"{path}submit/", {"version": changed["version"]}).json()
    read = {"content_hash": asked["content_hash"], "planned_for": None}
    assert send(house.newcomer, f"{path}approve/", read).status_code == 403
    approved = send(house.approver, f"{path}approve/", read).json()
    assert approved["state"] == "approved"
    at = tomorrow().isoformat(timespec="minutes")
    assert send(house.newcomer, f"{path}schedule/", {"wall_time": at}).status_code == 403
    planned = send(house.approver, f"{path}schedule/", {"wall_time": at}).json()
    assert (planned["state"], planned["checks"], planned["deliveries"][0]["state"]) == ("scheduled", [], "due")
    moved = send(house.approver, f"{path}schedule/", {"wall_time": tomorrow(18).isoformat()}).json()
    assert moved["wall_time"] == tomorrow(18).isoformat(timespec="minutes")
    again = {"version": moved["version"], "title": "Tax", "wall_time": moved["wall_time"]}
    late = send(house.approver, path, {**again, "wall_time": at}, "patch")
    assert (late.status_code, list(late.json())) == (400, ["wall_time"])
    assert send(house.approver, path, again, "patch").json()["title"] == "Tax"
    over = send(house.approver, f"{path}withdraw/", {"reason": "Not needed"}).json()
    assert over["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": ""}, "title"),
        ({"language": "xx"}, "language"),
        ({"unit": "mobility"}, "unit"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"variants": [{"account": 0, "language": "fr"}]}, "variants"),
        ({"wall_time": "soon"}, "wall_time"),
        ({"wall_time": "2026-05-03T09:00:00+02:00"}, "wall_time"),
        ({"wall_time": "2027-03-28T02:30"}, "wall_time"),
        ({"wall_time": "2027-10-31T02:30"}, "fold"),
        ({"wall_time": "2027-05-03T09:00", "zone": "Mars/Olympus"}, "zone"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(house: House, facts: dict[str, Any], field: str) -> None:
    answer = send(house.author, "", new(house, **facts))
    assert answer.status_code == 400, answer.content
    assert list(answer.json()) == [field]
    assert not Post.objects.exists()


def test_an_account_out_of_reach_does_not_exist(house: House) -> None:
    foreign = ConnectedAccountFactory.create()
    answer = send(house.author, "", new(house, variants=[{"account": foreign.pk, "language": "fr"}]))
    assert answer.status_code == 400


@pytest.mark.longer
def test_out_of_sight_and_not_allowed(house: House) -> None:
    post = submitted(house.author, house.account)
    assert as_(house.stranger).get(f"{POSTS}{post.pk}/").status_code == 404
    assert send(house.stranger, f"{post.pk}/submit/", {}).status_code == 404
    assert as_(house.auditor).get(f"{POSTS}{post.pk}/").status_code == 200
    assert send(house.auditor, f"{post.pk}/", {"version": post.version, "title": "x"}, "patch").status_code == 403
    assert send(house.auditor, "", new(house)).status_code == 403
    assert as_(house.stranger).get(POSTS).json()["results"] == []
    assert Client().get(POSTS).status_code == 403


@pytest.mark.longer
def test_an_old_version_or_hash_is_a_conflict(house: House) -> None:
    post = draft(house.author, house.account)
    stale = send(house.author, f"{post.pk}/", {"version": 99, "title": "x"}, "patch")
    assert stale.status_code == 409
    assert stale.json()["state"] == "draft"
    post = submitted(house.author, house.account)
    assert (
        send(house.approver, f"{post.pk}/approve/", {"content_hash": "0" * 64, "planned_for": None}).status_code == 409
    )


@pytest.mark.parametrize("verb", ["approve", "request-changes", "reject"])
def test_a_yes_or_a_no_names_the_text_that_was_read(house: House, verb: str) -> None:
    post = submitted(house.author, house.account)
    path, why = f"{post.pk}/{verb}/", {"reason": "Shorter", "planned_for": None}
    without = send(house.approver, path, why)
    assert without.status_code == 400
    assert without.json() == {"content_hash": ["Name the content_hash of the text that you read."]}
    assert send(house.approver, path, {**why, "content_hash": ""}).status_code == 400
    assert send(house.approver, path, {**why, "content_hash": "0" * 64}).status_code == 409
    assert Post.objects.get().state == "in_review"
    assert send(house.approver, path, {**why, "content_hash": hash_of(post)}).status_code == 200


def test_a_yes_and_a_submission_name_what_was_read(house: House) -> None:
    post = draft(house.author, house.account)
    without = send(house.author, f"{post.pk}/submit/", {})
    assert (without.status_code, without.json()) == (400, {"version": ["Name the version of the post that you read."]})
    assert send(house.author, f"{post.pk}/submit/", {"version": post.version}).status_code == 200
    path, said = f"{post.pk}/approve/", {"content_hash": hash_of(post)}
    without = send(house.approver, path, said)
    assert without.json() == {"planned_for": ["Name the time that the post had as you read it: planned_for."]}
    Post.objects.update(wall_time=tomorrow(), zone=ZONE, due_at="2031-05-05T07:00Z")
    assert send(house.approver, path, {**said, "planned_for": None}).status_code == 409, "it has a time by now"
    assert Post.objects.get().state == "in_review"
    assert send(house.approver, path, {**said, "planned_for": "2031-05-05T07:00Z"}).status_code == 200


def test_a_version_is_asked_for(house: House) -> None:
    post = draft(house.author, house.account)
    answer = send(house.author, f"{post.pk}/", {"title": "x"}, "patch")
    assert answer.status_code == 400
    assert "version" in answer.json()


@pytest.mark.longer
def test_half_a_variant_is_refused(house: House) -> None:
    post = draft(house.author, house.account)
    for half in ({"language": "fr"}, {"account": house.account.pk}, {}, "x"):
        answer = send(house.author, f"{post.pk}/", {"version": post.version, "variants": [half]}, "patch")
        assert (answer.status_code, list(answer.json())) == (400, ["variants"])


@pytest.mark.longer
def test_an_image_that_is_not_the_posts_own_is_refused(house: House) -> None:
    """Nothing is changed in silence, nor left as it was in silence."""
    post, other = (draft(house.author, house.account, new_images=[new_image()]) for _each in range(2))
    own, foreign = post.media.get(), other.media.get()
    for ids in ([foreign.pk], [own.pk, foreign.pk], [10**15], [own.pk, own.pk]):
        said = {"version": post.version, "title": "New", "images": [{"id": one, "remove": True} for one in ids]}
        answer = send(house.author, f"{post.pk}/", said, "patch")
        assert (answer.status_code, list(answer.json())) == (400, ["images"])
    post.refresh_from_db()
    assert post.title != "New"
    assert (post.media.count(), other.media.count()) == (1, 1)


@pytest.mark.longer
def test_images_come_in_and_are_described(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    post = draft(house.author, house.account)
    body = {"version": post.version, "image": SimpleUploadedFile("x.png", picture()), "alt": "Un bâtiment"}
    answer = as_(house.author).post(f"{POSTS}{post.pk}/images/", body)
    assert answer.status_code == 202, answer.content
    whole = as_(house.author).get(f"{POSTS}{post.pk}/").json()
    image = whole["media"][0]
    assert image["alts"] == {"fr": "Un bâtiment"}
    said = {"version": whole["version"], "images": [{"id": image["id"], "decorative": True}]}
    assert send(house.author, f"{post.pk}/", said, "patch").json()["media"][0]["decorative"] is True
    wrong = {"version": whole["version"] + 1, "image": SimpleUploadedFile("x.png", b"<svg/>")}
    refused = as_(house.author).post(f"{POSTS}{post.pk}/images/", wrong)
    assert refused.status_code == 202
    told = as_(house.author).get(refused["Location"]).json()
    assert (told["state"], told["media"], told["name"]) == ("refused", None, "x.png")
    assert told["reason"]
    monkeypatch.setattr(images, "UPLOAD_BYTES", 3)
    refused = as_(house.author).post(f"{POSTS}{post.pk}/images/", {**wrong, "version": wrong["version"] + 1})
    assert (refused.status_code, list(refused.json())) == (400, ["image"])


@pytest.mark.longer
@pytest.mark.parametrize("items", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    house: House, django_assert_num_queries: Any, items: int
) -> None:
    for _ in range(items):
        draft(house.author, house.account)
    browser = as_(house.author)
    with django_assert_num_queries(7):
        assert len(browser.get(POSTS).json()["results"]) == items


@pytest.mark.longer
def test_films_come_in_with_captions_as_through_the_page(house: House) -> None:
    post, client = draft(house.author, house.account), as_(house.author)
    film, words = SimpleUploadedFile("x.mp4", MP4), SimpleUploadedFile("x.vtt", VTT)
    body = {"version": post.version, "video": film, "captions": words, "alt": "Un film"}
    answer = client.post(f"{POSTS}{post.pk}/videos/", body)
    assert (answer.status_code, answer.json()["kind"]) == (202, "video"), answer.content
    told = client.get(answer["Location"]).json()
    assert (told["state"], told["reason"]) == ("read", "")
    whole = client.get(f"{POSTS}{post.pk}/").json()
    [video] = whole["media"]
    assert (video["mime"], video["alts"]) == ("video/mp4", {"fr": "Un film"})
    assert [one.language for one in post.media.get().captions.all()] == ["fr"]
    more = {
        "version": whole["version"],
        "video": video["id"],
        "language": "nl",
        "captions": SimpleUploadedFile("n.vtt", VTT),
    }
    assert client.post(f"{POSTS}{post.pk}/captions/", more).status_code == 202
    assert [one.language for one in post.media.get().captions.all()] == ["fr", "nl"]


@pytest.mark.longer
@pytest.mark.parametrize(
    ("place", "said", "wrong"),
    [
        ("videos", {"video": SimpleUploadedFile("x.mp4", b"no film")}, "upload"),
        ("captions", {"video": 10**15, "language": "fr", "captions": SimpleUploadedFile("x.vtt", VTT)}, "video"),
        ("captions", {"video": 1, "language": "xx", "captions": SimpleUploadedFile("x.vtt", VTT)}, "language"),
        ("videos", {}, "video"),
    ],
)
def test_a_film_that_is_none_is_refused_with_a_sentence(house: House, place: str, said: Any, wrong: str) -> None:
    post, client = draft(house.author, house.account), as_(house.author)
    for file in said.values():
        getattr(file, "seek", lambda _start: None)(0)
    answer = client.post(f"{POSTS}{post.pk}/{place}/", {"version": post.version, **said})
    if wrong != "upload":
        assert (answer.status_code, list(answer.json())) == (400, [wrong])
        return
    told = client.get(answer["Location"]).json()
    assert (told["state"], told["reason"]) == (
        "refused",
        "This file is not a video that Parvis can read. Use an MP4, MOV or WebM video.",
    )


@pytest.mark.longer
def test_who_may_not_write_sends_no_film(house: House) -> None:
    post = draft(house.author, house.account)
    body = {"version": post.version, "video": SimpleUploadedFile("x.mp4", MP4)}
    assert as_(house.auditor).post(f"{POSTS}{post.pk}/videos/", body).status_code == 403
    assert as_(house.stranger).post(f"{POSTS}{post.pk}/videos/", body).status_code == 404
