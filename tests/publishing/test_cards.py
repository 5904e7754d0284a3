"""A link's card: read by a worker, approved with the text, and sent as it was approved."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts_registry.models import Account
from delivery.content import MediaChanged, as_draft, is_intact, require_media
from delivery.models import Delivery
from networks.apart import strangers
from networks.egress import Answer, Egress
from networks.egress.client import MAX_REDIRECTS
from networks.errors import EgressRefused, Unavailable
from publishing.actions import (
    PostContent,
    approve_post,
    cards,
    edit_post,
    read_cards,
    request_changes,
    submit_post,
    withdraw_post,
)
from publishing.content import apart
from publishing.models import LinkReading, Post
from publishing.models.card import WAITS, CardProblem
from publishing.queries import snapshot_of
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.publishing import draft, hash_of, new_image, scheduled
from tests.publishing.conftest import House
from tests.thorough import thorough_after

LINK = "https://fin.example/nieuw"
PICTURE = "https://cdn.example/toll.png"
TOLD = f"""<!doctype html><html><head><title>Elsewhere</title>
<meta property="og:title" content="Nieuwe aangifte">
<meta property="og:description" content="Tot 30 juni.">
<meta property="og:image" content="{PICTURE}"></head><body>x</body></html>"""


class Web:
    """What stands at addresses; an exception is raised, a number is a status without a body."""

    def __init__(self) -> None:
        self.at: dict[str, Any] = {LINK: TOLD, PICTURE: picture((1200, 630))}
        self.asked: list[str] = []

    def get(self, url: str, headers: Any = None) -> Answer:
        self.asked.append(url)
        there = self.at.get(url, 404)
        if isinstance(there, Exception):
            raise there
        if isinstance(there, int):
            return Answer(url, there, (), b"")
        is_page = isinstance(there, str)
        mime = "text/html; charset=utf-8" if is_page else "image/png"
        return Answer(url, 200, (("content-type", mime),), there.encode() if is_page else there)


def picture(size: tuple[int, int], form: str = "PNG") -> bytes:
    with io.BytesIO() as target:
        Image.effect_noise(size, 90).convert("RGB").save(target, form)
        return target.getvalue()


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    web = Web()
    monkeypatch.setattr(cards, "egress", lambda: web)
    return web


@pytest.fixture
def bluesky(house: House) -> Account:
    return ConnectedAccountFactory.create(unit=house.unit, handle="fin.example", languages=["fr"], network="bluesky")


def read() -> int:
    LinkReading.objects.update(due_at=Now(), lease_until=None)
    return read_cards(seconds=20)


def fresh(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


def content_of(post: Post) -> dict[str, Any]:
    return next(iter(snapshot_of(fresh(post)).contents.values()))


def note(post: Post) -> str:
    return fresh(post).cards_told[0]["note"]


def test_what_the_page_tells_becomes_part_of_what_is_approved(web: Web, house: House, bluesky: Account) -> None:
    post = draft(house.author, bluesky, link=LINK)
    assert note(post) == str(WAITS)
    bare = hash_of(post)
    assert read() == 1
    assert web.asked == [LINK, PICTURE]
    card = content_of(post)["card"]
    assert (card["title"], card["description"]) == ("Nieuwe aangifte", "Tot 30 juni.")
    assert (card["picture"]["mime"], len(card["picture"]["sha256"])) == ("image/jpeg", 64)
    assert hash_of(post) != bare
    assert not LinkReading.objects.exists()
    sent = as_draft(content_of(post)).card
    assert sent is not None
    assert sent.picture is not None
    assert sent.picture.path.stat().st_size <= 950_000
    with Image.open(sent.picture.path) as shown:
        assert (shown.format, shown.size, shown.mode) == ("JPEG", (1200, 630), "RGB")


@pytest.mark.longer
def test_what_is_sent_is_what_was_approved_and_nothing_is_read_anew(
    web: Web, house: House, bluesky: Account, media_folder: Path
) -> None:
    post = draft(house.author, bluesky, link=LINK)
    read()
    submit_post(post=post, by=house.author)
    approved = content_of(post)["card"]
    approve_post(post=fresh(post), by=house.approver, content_hash=hash_of(post), planned_for=fresh(post).due_at)
    web.at = {LINK: TOLD.replace("Nieuwe", "Andere"), PICTURE: picture((100, 60))}
    assert read() == 0
    assert content_of(post)["card"] == approved
    post = scheduled(house.author, house.approver, bluesky, link=LINK)
    delivery = Delivery.objects.get()
    assert "card" not in delivery.content, "submitted before a worker had read the page"
    content = content_of(Post.objects.exclude(pk=post.pk).get())
    require_media(content)
    place = media_folder / approved["picture"]["path"]
    place.write_bytes(place.read_bytes() + b"x")
    assert not is_intact(content["card"]["picture"])
    with pytest.raises(MediaChanged):
        require_media(content)


@pytest.mark.longer
def test_it_is_seen_where_it_is_approved_by_whoever_sees_the_post(web: Web, house: House, bluesky: Account) -> None:
    post = draft(house.author, bluesky, link=LINK)
    read()
    address = fresh(post).card_picture_url(LINK)
    client = Client()
    client.force_login(house.author)
    edited = client.get(reverse("publishing:post_edit", args=[post.pk])).content.decode()
    assert address in edited
    assert "Nieuwe aangifte" in edited
    submit_post(post=fresh(post), by=house.author)
    client.force_login(house.approver)
    page = client.get(reverse("publishing:approval", args=[post.pk])).content.decode()
    assert f'src="{address}"' in page
    assert "Nieuwe aangifte" in page
    assert "Tot 30 juni." in page
    picture = client.get(address)
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(picture.streaming_content).startswith(b"\xff\xd8")
    assert client.get(reverse("publishing:card_picture", args=[post.pk, "other.jpg"])).status_code == 404
    client.force_login(house.stranger)
    assert client.get(address).status_code == 404


@pytest.mark.longer
def test_the_picture_can_be_left_away(web: Web, house: House, bluesky: Account) -> None:
    post = draft(house.author, bluesky, link=LINK)
    read()
    edit_post(
        post=post,
        version=fresh(post).version,
        content=replace(PostContent.of(fresh(post)), bare_cards=True),
        by=house.author,
    )
    card = content_of(post)["card"]
    assert (card["title"], card["picture"]) == ("Nieuwe aangifte", None)
    assert fresh(post).card_picture_url(LINK) == ""


@pytest.mark.longer
def test_another_link_has_another_card(web: Web, house: House, bluesky: Account) -> None:
    post = draft(house.author, bluesky, link=LINK)
    read()
    other = "https://fin.example/autre"
    web.at[other] = "<title>Autre</title>"
    edit_post(
        post=post,
        version=fresh(post).version,
        content=replace(PostContent.of(fresh(post)), link=other),
        by=house.author,
    )
    assert "card" not in content_of(post)
    read()
    assert content_of(post)["card"] == {"title": "Autre", "description": "", "picture": None}
    assert list(fresh(post).cards) == [other]


@pytest.mark.parametrize(
    ("there", "problem"),
    thorough_after(
        1,
        [
            (410, CardProblem.GONE),
            (403, CardProblem.UNREADABLE),
            (b"PDF", CardProblem.UNREADABLE),
            ("<p>no title</p>", CardProblem.UNREADABLE),
            (EgressRefused("private"), CardProblem.REFUSED),
        ],
        names=2,
    ),
)
def test_why_it_says_less_is_told(there: Any, problem: CardProblem, web: Web, house: House, bluesky: Account) -> None:
    post = draft(house.author, bluesky, link=LINK)
    web.at[LINK] = there
    read()
    assert note(post) == str(problem.label)
    assert "card" not in content_of(post)


def test_a_claim_outlasts_the_slowest_page_and_picture() -> None:
    fetched = 2 * (MAX_REDIRECTS + 1) * Egress().limits.seconds
    read_apart = sum(one.wait + one.limits.patience for one in (strangers, apart.uploads))
    assert cards.READINGS.lease.total_seconds() > fetched + read_apart


@pytest.mark.longer
def test_what_breaks_off_every_time_is_given_up_too(web: Web, house: House, bluesky: Account) -> None:
    post = draft(house.author, bluesky, link=LINK)
    web.at[LINK] = RuntimeError("as if the worker had died")
    for _try in range(4):
        read()
    assert note(post) == str(CardProblem.AWAY.label)
    assert web.asked == [LINK] * 3
    assert not LinkReading.objects.exists()


@pytest.mark.longer
def test_a_server_that_is_away_is_asked_again_and_then_given_up(web: Web, house: House, bluesky: Account) -> None:
    post = draft(house.author, bluesky, link=LINK)
    web.at[LINK] = Unavailable("503")
    read()
    assert note(post) == str(WAITS)
    read()
    read()
    assert note(post) == str(CardProblem.AWAY.label)
    assert web.asked == [LINK] * cards.MOST_TRIES
    web.at[LINK] = TOLD
    edit_post(post=post, version=fresh(post).version, content=PostContent.of(fresh(post)), by=house.author)
    assert note(post) == str(WAITS), "saving again tries again"
    read()
    assert content_of(post)["card"]["title"] == "Nieuwe aangifte"


@pytest.mark.longer
@pytest.mark.parametrize("there", [404, b"no picture", EgressRefused("private")])
def test_without_its_picture_the_rest_of_the_card_stands(there: Any, web: Web, house: House, bluesky: Account) -> None:
    post = draft(house.author, bluesky, link=LINK)
    web.at[PICTURE] = there
    read()
    assert note(post) == str(CardProblem.PICTURE.label)
    assert content_of(post)["card"] == {"title": "Nieuwe aangifte", "description": "Tot 30 juni.", "picture": None}


@pytest.mark.longer
def test_what_was_submitted_before_changes_no_more(web: Web, house: House, bluesky: Account) -> None:
    post = draft(house.author, bluesky, link=LINK)
    submit_post(post=post, by=house.author)
    assert note(post) == str(CardProblem.LATE.label)
    before = hash_of(post)
    assert not LinkReading.objects.exists()
    LinkReading.objects.create(post=post, url=LINK)  # as if it had been claimed just then
    read()
    assert hash_of(post) == before
    request_changes(post=fresh(post), by=house.approver, remark="Encore")
    edit_post(post=post, version=fresh(post).version, content=PostContent.of(fresh(post)), by=house.author)
    read()
    assert content_of(post)["card"]["title"] == "Nieuwe aangifte"


@pytest.mark.longer
def test_a_page_that_nobody_needs_any_more_is_not_fetched(web: Web, house: House, bluesky: Account) -> None:
    changed, gone = (draft(house.author, bluesky, link=LINK) for _each in range(2))
    edit_post(
        post=changed, version=changed.version, content=replace(PostContent.of(fresh(changed)), link=""), by=house.author
    )
    withdraw_post(post=gone, by=house.author, reason="")
    assert (fresh(gone).waits_for_cards, note(gone)) == (False, "")
    assert read() == 0
    assert web.asked == []


@pytest.mark.longer
def test_only_where_a_network_shows_what_we_tell(web: Web, house: House, bluesky: Account) -> None:
    """Facebook reads the page itself, Mastodon too; beside pictures there is no card."""
    facebook = ConnectedAccountFactory.create(unit=house.unit, languages=["fr"], network="facebook")
    draft(house.author, house.account, link=LINK)
    draft(house.author, facebook, link=LINK)
    draft(house.author, bluesky, link=LINK, new_images=[new_image({"fr": "Un carré"})])
    assert read() == 0
    draft(
        house.author, ConnectedAccountFactory.create(unit=house.unit, languages=["fr"], network="linkedin"), link=LINK
    )
    assert read() == 1


@pytest.mark.longer
def test_the_part_that_waits_says_when_it_is_read(web: Web, house: House, bluesky: Account) -> None:
    post = draft(house.author, bluesky, link=LINK)
    client = Client()
    client.force_login(house.author)
    address = reverse("publishing:cards", args=[post.pk])
    assert address in client.get(post.get_absolute_url()).content.decode()
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 204
    read()
    assert "is read" in client.get(address, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.longer
def test_the_api_tells_of_it(web: Web, house: House, bluesky: Account) -> None:
    post = draft(house.author, bluesky, link=LINK)
    read()
    client = Client()
    client.force_login(house.author)
    (told,) = client.get(reverse("post-detail", args=[post.pk])).json()["cards"]
    expected = {"link": LINK, "title": "Nieuwe aangifte", "description": "Tot 30 juni.", "has_picture": True}
    assert told == {**expected, "waits": False, "note": ""}
    said = {"version": fresh(post).version, "bare_cards": True}
    answer = client.patch(reverse("post-detail", args=[post.pk]), said, content_type="application/json")
    assert (answer.status_code, answer.json()["bare_cards"]) == (200, True)
