"""What was changed of a file is told where one edits and where one approves; what was sent is kept; each network gets
the form that it takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts_registry.models import Account
from delivery.content import place_of
from organisation.models import Person
from publishing.actions import submit_post
from publishing.models import Media, Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.pictures import deep_png, p3_profile, plain, saved
from tests.factories.publishing import draft
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
GROUND = "It has transparent parts: networks that take none get it on a white ground."


def logo() -> bytes:
    """A red disc's worth of opaque pixels on nothing at all."""
    picture = plain("RGBA", (0, 0, 0, 0), (60, 60))
    picture.paste((200, 30, 40, 255), (20, 20, 40, 40))
    return saved(picture, "PNG")


def through_the_api(by: Person, post: Post, raw: bytes) -> Media:
    client = Client()
    client.force_login(by)
    body = {"version": post.version, "image": SimpleUploadedFile("logo.png", raw), "alt": "Notre logo"}
    answer = client.post(reverse("post-images", args=[post.pk]), body)
    assert answer.status_code == 202, answer.content
    told = client.get(answer["Location"]).json()
    assert told["state"] == "read", told
    return Media.objects.get(pk=told["media"])


def pixel(path: str, at: tuple[int, int]) -> tuple[int, ...]:
    with Image.open(place_of(path)) as opened:
        found = opened.getpixel(at)
    assert isinstance(found, tuple)
    return found


def test_a_logo_through_the_api_is_transparent_where_a_network_takes_it_and_white_elsewhere(house: House) -> None:
    post = draft(house.author, house.account)
    medium = through_the_api(house.author, post, logo())
    for network in ("mastodon", "bluesky", "linkedin"):
        told = medium.described("fr", network)
        assert told["mime"] == "image/png"
        assert pixel(told["path"], (2, 2))[3] == 0
        assert pixel(told["path"], (30, 30)) == (200, 30, 40, 255)
    told = medium.described("fr", "instagram")
    assert told["mime"] == "image/jpeg"
    assert min(pixel(told["path"], (2, 2))) > 252
    assert abs(pixel(told["path"], (30, 30))[0] - 200) < 4
    client = Client()
    client.force_login(house.author)
    assert client.get(reverse("post-detail", args=[post.pk])).json()["media"][0]["changes"] == [GROUND]
    for network, mime in (("instagram", "image/jpeg"), ("mastodon", "image/png"), ("nowhere", "image/png")):
        served = client.get(reverse("publishing:image", args=[medium.pk]), {"on": network})
        assert (served["Content-Type"], bool(b"".join(served.streaming_content))) == (mime, True)  # type: ignore[attr-defined]


def test_what_was_sent_is_kept_beside_and_no_page_serves_it(house: House, media_folder: Path) -> None:
    raw = logo()
    medium = through_the_api(house.author, draft(house.author, house.account), raw)
    assert (media_folder / medium.original.name).read_bytes() == raw
    assert not list((media_folder / "posts" / "received").iterdir())
    client = Client()
    client.force_login(house.author)
    served = client.get(reverse("publishing:image", args=[medium.pk]))
    assert b"".join(served.streaming_content) != raw  # type: ignore[attr-defined]


def pages(post: Post, by: Person, *names: str) -> list[str]:
    client = Client()
    client.force_login(by)
    return [client.get(reverse(f"publishing:{name}", args=[post.pk])).content.decode() for name in names]


def test_what_was_changed_is_told_to_who_edits_and_to_who_approves(house: House) -> None:
    post = draft(house.author, house.account)
    through_the_api(house.author, post, saved(plain("RGB", (200, 100, 50)), "PNG", icc_profile=p3_profile()))
    submit_post(post=Post.objects.get(pk=post.pk), by=house.author)
    told = pages(post, house.approver, "approval", "post_detail") + pages(post, house.author, "post_edit")
    assert [page.count("Colours converted to sRGB.") for page in told] == [1, 1, 1]


def test_it_is_told_in_the_readers_language(house: House) -> None:
    post = draft(house.author, house.account)
    medium = through_the_api(house.author, post, deep_png(30000))
    Person.objects.filter(pk=house.author.pk).update(language="fr")
    (page,) = pages(post, Person.objects.get(pk=house.author.pk), "post_edit")
    assert "Ramenée de 16 à 8 bits par couleur." in page
    assert medium.changes[0]["source"] == "Reduced from 16 bits a colour to 8."


def test_the_form_for_each_network_is_what_its_hash_is_about(house: House) -> None:
    other: Account = ConnectedAccountFactory.create(unit=house.unit, network="instagram", languages=["fr"])
    post = draft(house.author, house.account, other)
    medium = through_the_api(house.author, post, logo())
    variants = Post.objects.get(pk=post.pk).variants.all()
    by_network = {one.account.network: one.frozen()[0]["media"][0] for one in variants}
    assert by_network["instagram"]["path"] == medium.flat.name
    assert by_network["mastodon"]["path"] == medium.file.name
    assert by_network["instagram"]["sha256"] != by_network["mastodon"]["sha256"]


def test_a_file_that_is_refused_leaves_no_original(house: House, media_folder: Path) -> None:
    post = draft(house.author, house.account)
    client = Client()
    client.force_login(house.author)
    body = {"version": post.version, "image": SimpleUploadedFile("logo.png", b"<svg/>")}
    assert client.post(reverse("post-images", args=[post.pk]), body).status_code == 202
    assert not (media_folder / "posts" / "originals").exists()
