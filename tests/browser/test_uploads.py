"""A file that is being looked at: the page goes on, shows what came of it by itself, and nothing typed is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from publishing.actions import read_uploads
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import draft, picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_reads")]
WAITS = "is being looked at…"


@pytest.fixture
def post(db: Any, settings: Any, tmp_path: Path) -> Post:
    settings.MEDIA_ROOT = tmp_path / "media"
    unit = UnitFactory.create(slug="fin", names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    author = person_with("communication_cell", unit, name="An Peeters", language="en")
    return draft(author, ConnectedAccountFactory.create(unit=unit, handle="finances", languages=["fr"]))


def choose(page: Page, place: Path, content: bytes) -> None:
    place.write_bytes(content)
    page.get_by_label("Add an image").set_input_files(place)
    page.get_by_label("What does the new image show?").fill("Un guichet")
    page.get_by_role("button", name="Save the draft").click()


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1440, "light")])
def test_it_shows_by_itself_while_one_goes_on_typing(
    page: Page, live: str, post: Post, signed_in: Any, axe: Any, shoot: Any, tmp_path: Path, width: int, theme: str
) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live}])
    page.set_viewport_size({"width": width, "height": 900})
    signed_in(page, post.author).goto(f"/posts/{post.pk}/edit/")
    choose(page, tmp_path / "guichet.png", picture())
    waiting = page.get_by_text(f"guichet.png {WAITS}")
    expect(waiting).to_be_visible()
    axe(page)
    shoot(page, f"upload_waits_{width}_{theme}")
    page.get_by_role("textbox", name="Core text (optional)").fill("Typed meanwhile")
    read_uploads(seconds=60)
    described = page.get_by_label("What does it show, in Français?")
    expect(described).to_have_value("Un guichet")
    expect(waiting).to_have_count(0)
    axe(page)
    shoot(page, f"upload_read_{width}_{theme}")
    described.fill("Un guichet à Namur")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="Core text (optional)")).to_have_value("Typed meanwhile")
    assert post.media.get().alts == {"fr": "Un guichet à Namur"}


def test_a_refusal_shows_by_itself_and_is_put_away(
    page: Page, post: Post, signed_in: Any, axe: Any, shoot: Any, tmp_path: Path
) -> None:
    signed_in(page, post.author).goto(f"/posts/{post.pk}/edit/")
    choose(page, tmp_path / "chat.png", b"<svg/>")
    page.get_by_role("textbox", name="Core text (optional)").fill("Typed meanwhile")
    read_uploads(seconds=60)
    notice = page.locator(".upload")
    expect(notice).to_contain_text("chat.png: This file is not an image")
    axe(page)
    shoot(page, "upload_refused")
    notice.get_by_role("button", name="Put this notice away").click()
    expect(notice).to_have_count(0)
    expect(page.get_by_text("The notice is put away.")).to_be_focused()
    expect(page.get_by_role("textbox", name="Core text (optional)")).to_have_value("Typed meanwhile")
    page.get_by_role("button", name="Save and look at the whole").click()
    expect(page.get_by_text("Typed meanwhile").first).to_be_visible()


def test_the_posts_own_page_follows_too(page: Page, post: Post, signed_in: Any, tmp_path: Path) -> None:
    signed_in(page, post.author).goto(f"/posts/{post.pk}/edit/")
    choose(page, tmp_path / "guichet.png", picture())
    page.goto(f"/posts/{post.pk}/")
    expect(page.get_by_text(WAITS)).to_be_visible()
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("still looking at a file of this post")).to_be_visible()
    read_uploads(seconds=60)
    page.get_by_role("link", name="Show it as it stands now").click()
    expect(page.locator("img[alt='Un guichet']").first).to_be_visible()
