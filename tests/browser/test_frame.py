"""The frame by itself: every component in both themes and three widths, keyboard, no overflow, no policy violation."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from organisation.models import Person
from tests.factories.organisation import PASSWORD, GrantFactory, UnitFactory, person_with
from tests.factories.sessions import code_of_the_app, factor_of

DIST = Path(__file__).resolve().parents[2] / "static" / "dist"
GALLERY = "/_components/"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def an(db: Any) -> Person:
    unit = UnitFactory.create(names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    person = person_with("communication_cell", unit, name="An Peeters")
    for role in ("conversation_manager", "administrator"):
        GrantFactory.create(person=person, role=role)
    return person


def wear(page: Page, live: str, theme: str, width: int) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live}])
    page.set_viewport_size({"width": width, "height": 900})


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_gallery_holds(
    page: Page, live: str, an: Person, signed_in: Any, axe: Any, shoot: Any, theme: str, width: int
) -> None:
    wear(page, live, theme, width)
    signed_in(page, an).goto(GALLERY)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    shoot(page, f"components_{width}_{theme}")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/me/login/", "/me/password/reset/", "/me/signup/", "/nowhere/"])
def test_entrance_holds(page: Page, live: str, axe: Any, theme: str, address: str) -> None:
    wear(page, live, theme, 360)
    page.goto(address)
    axe(page)


@pytest.mark.parametrize("address", ["/me/password/", "/me/two-step/", "/me/logout/", "/me/confirm/"])
def test_own_pages_hold(page: Page, an: Person, signed_in: Any, axe: Any, address: str) -> None:
    signed_in(page, an).goto(address)
    axe(page)


def test_follows_the_system_without_a_choice(page: Page, axe: Any) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/me/login/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 20)"
    axe(page)


def test_theme_is_chosen_and_kept(page: Page, an: Person, signed_in: Any) -> None:
    signed_in(page, an).goto(GALLERY)
    page.get_by_text("Light or dark").locator("..").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_signs_in_and_out(page: Page, an: Person) -> None:
    factor_of(an)
    page.goto(f"/me/login/?next={GALLERY}")
    page.get_by_label("Email").fill(an.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=code]").fill(code_of_the_app())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{GALLERY}")
    page.locator(".topbar").get_by_text("An Peeters").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_wrong_password_is_told_at_the_top_and_nothing_is_lost(page: Page, an: Person, axe: Any) -> None:
    page.goto("/me/login/")
    page.get_by_label("Email").fill(an.email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Email")).to_have_value(an.email)
    axe(page)


def test_summary_leads_to_the_field(page: Page) -> None:
    page.goto(GALLERY)
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Title").click()
    expect(page.locator("#id_title")).to_be_focused()
    assert page.locator("#id_title").get_attribute("aria-describedby") == "id_title_helptext id_title_error"
    summary.get_by_role("link", name="Kind").click()
    expect(page.locator("#id_kind_0")).to_be_focused()


def test_counts_as_the_network_counts(page: Page) -> None:
    page.goto(GALLERY)
    text = page.locator("#id_fresh_text")
    text.fill("Voir https://finances.belgium.be/une/adresse/tres/longue?avec=beaucoup @an@social.example 👩‍👩‍👧")
    expect(page.locator("[data-counter-for=id_fresh_text]")).to_have_text("466 left")
    text.fill("é" * 501)
    counter = page.locator("[data-counter-for=id_fresh_text]")
    expect(counter).to_have_text("1 too many")
    expect(counter).to_have_attribute("data-state", "over")


def test_preview_follows_and_never_reads_html(page: Page) -> None:
    page.goto(GALLERY)
    page.locator("#id_fresh_text").fill("<b onclick=x>Bonjour</b> #fisc")
    preview = page.locator("[data-preview-of=id_fresh_text]")
    expect(preview).to_have_text("<b onclick=x>Bonjour</b> #fisc")
    expect(preview.locator(".preview-link")).to_have_text("#fisc")


def test_tabs_by_arrow_keys(page: Page) -> None:
    page.goto(GALLERY)
    first, second = page.get_by_role("tab", name="Bluesky FR"), page.get_by_role("tab", name="Mastodon FR")
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    expect(page.locator("#account-1")).to_be_hidden()
    expect(page.locator("#account-2")).to_be_visible()


def test_dialog_opens_closes_and_gives_the_focus_back(page: Page, axe: Any) -> None:
    page.goto(GALLERY)
    opener = page.get_by_role("link", name="Open a dialog")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    axe(page, within="dialog")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_menus_close_by_escape(page: Page, an: Person, signed_in: Any) -> None:
    signed_in(page, an).goto(GALLERY)
    menu = page.locator(".unit-switcher")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("button", name="FPS Finance")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(menu.get_by_role("button", name="FPS Finance")).to_be_hidden()


def test_skip_link_comes_first(page: Page) -> None:
    page.goto("/me/password/reset/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_works_without_script(browser: Any, live: str, an: Person, signed_in: Callable[..., Page]) -> None:
    context = browser.new_context(base_url=live, java_script_enabled=False, locale="en-GB")
    page = signed_in(context.new_page(), an)
    page.goto(GALLERY)
    page.locator(".topbar summary", has_text="Light or dark").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    expect(page.locator("#account-2")).to_be_visible()
    page.get_by_role("link", name="Open a dialog").click()
    expect(page.locator("dialog#ask")).to_be_visible()
    context.close()


def test_language_is_kept_with_the_person(page: Page, an: Person, signed_in: Any) -> None:
    signed_in(page, an).goto(GALLERY)
    page.locator(".topbar summary", has_text="Language:").click()
    page.get_by_role("button", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    an.refresh_from_db()
    assert an.language == "nl"


def test_at_four_hundred_percent(page: Page, live: str, an: Person, signed_in: Any) -> None:
    """1,280 px wide at 400 % is 320 CSS pixels."""
    wear(page, live, "light", 320)
    signed_in(page, an).goto(GALLERY)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_targets_are_large_enough_on_a_phone(page: Page, live: str, an: Person, signed_in: Any) -> None:
    wear(page, live, "light", 360)
    signed_in(page, an).goto(GALLERY)
    small = page.evaluate(
        """() => [...document.querySelectorAll(".btn, .rail-link, .menu > summary, .choice, .tabs button, .tabs a")]
            .filter((e) => e.checkVisibility()).map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 && box.height > 0).map(([html, box]) => `${box.height} ${html}`)"""
    )
    assert small == []


def test_first_view_weighs_little() -> None:
    sizes = {
        name: len(gzip.compress((DIST / name).read_bytes())) for name in ("parvis.css", "parvis.js", "htmx.min.js")
    }
    assert sum(sizes.values()) <= 100 * 1024, sizes
