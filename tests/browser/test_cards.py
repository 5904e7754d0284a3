"""A link's card, as Bluesky shows it: it comes by itself, and what stands in the preview is what will stand there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from publishing.actions import cards, read_cards, read_uploads
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import draft, picture
from tests.publishing.test_cards import LINK, Web

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_reads")]


@pytest.fixture
def post(db: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Post:
    settings.MEDIA_ROOT = tmp_path / "media"
    web = Web()
    monkeypatch.setattr(cards, "egress", lambda: web)
    unit = UnitFactory.create(slug="fin", names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    author = person_with("communication_cell", unit, name="An Peeters", language="nl")
    account = ConnectedAccountFactory.create(unit=unit, handle="fin.example", languages=["nl"], network="bluesky")
    return draft(author, account, link=LINK)


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1440, "light")])
def test_the_card_comes_by_itself_and_follows_the_link(
    page: Page, live: str, post: Post, signed_in: Any, axe: Any, shoot: Any, width: int, theme: str
) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live}])
    page.set_viewport_size({"width": width, "height": 900})
    signed_in(page, post.author).goto(f"/posts/{post.pk}/edit/")
    expect(page.locator("#cards .notice")).to_be_visible()
    read_cards(seconds=20)
    again = page.locator("#cards").get_by_role("link")
    expect(again).to_be_visible()
    axe(page)
    again.click()
    card, picture = page.locator(".preview-card"), page.locator(".preview-card-picture")
    expect(card).to_contain_text("Nieuwe aangifte")
    expect(card).to_contain_text("Tot 30 juni.")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.naturalWidth") == 1200
    axe(page)
    shoot(page, f"card_{width}_{theme}")
    page.locator("#id_link").fill("https://fin.example/anders")
    expect(picture).to_be_hidden()
    expect(card).not_to_contain_text("Nieuwe aangifte")
    page.locator("#id_link").fill(LINK)
    expect(picture).to_be_visible()
    page.locator("#id_bare_cards").check()
    expect(picture).to_be_hidden()
    expect(card).to_contain_text("Nieuwe aangifte")
    page.goto(f"/posts/{post.pk}/")
    expect(page.locator(".preview-card-picture")).to_be_visible()
    shoot(page, f"card_post_{width}_{theme}")


def test_a_file_that_comes_in_takes_the_place_of_the_card(page: Page, post: Post, signed_in: Any) -> None:
    client = Client()
    client.force_login(post.author)
    said = {"version": post.version, "image": SimpleUploadedFile("logo.png", picture()), "alt": "Logo"}
    assert client.post(reverse("post-images", args=[post.pk]), said).status_code == 202
    signed_in(page, post.author).goto(f"/posts/{post.pk}/edit/")
    card = page.locator(".preview-card")
    expect(card).to_be_visible()
    read_uploads(seconds=20)
    expect(page.locator("[data-medium=kept]")).to_have_count(1)
    expect(card).to_be_hidden()
    page.locator("[data-medium=kept]").check()
    expect(card).to_be_visible()


def test_signs_of_a_strangers_page_that_one_does_not_see_are_marked_while_one_writes(
    page: Page, post: Post, signed_in: Any
) -> None:
    told = {"title": "Taxes\u200b now", "description": "", "picture": None, "problem": "", "waits": False}
    Post.objects.filter(pk=post.pk).update(cards={LINK: told})
    signed_in(page, post.author).goto(f"/posts/{post.pk}/edit/")
    marked = page.locator(".preview-card-title .unseen")
    expect(marked).to_have_count(1)
    page.locator("#id_link").fill("https://fin.example/anders")
    expect(page.locator(".preview-card-title")).to_have_text("fin.example")
    page.locator("#id_link").fill(LINK)
    expect(marked).to_have_count(1)
