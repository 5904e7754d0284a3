"""Nothing typed is lost: a session that ends, a tab that is closed, another device, a page that is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from organisation.models import FormPage, Person
from publishing import actions
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import content_for, draft

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = "Votre déclaration est prête. Vérifiez-la avant le 30 juin."


@pytest.fixture
def an(db: Any, settings: Any, tmp_path: Path) -> Person:
    settings.MEDIA_ROOT = tmp_path / "media"
    unit = UnitFactory.create(names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    return person_with("communication_cell", unit, name="An Peeters")


@pytest.fixture
def post(an: Person) -> Post:
    account = ConnectedAccountFactory.create(unit=an.unit, handle="fin.belgique", languages=["fr"])
    return draft(an, account, title="Déclaration", core_text="Ancien texte")


def emptied(page: Page) -> None:
    """The tab holds nothing any more; told by the server's answer, for which one waits a moment."""
    for _look in range(100):
        if not page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('unsaved:')).length"):
            return
        page.wait_for_timeout(50)
    pytest.fail("the tab still holds what was typed")


def text_of(page: Page) -> Any:
    return page.locator("#id_core_text")


def test_what_was_typed_is_kept_and_stands_on_another_device(
    page: Page, an: Person, post: Post, signed_in: Any, axe: Any, browser: Any, live: str
) -> None:
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    text_of(page).fill(TYPED)
    expect(page.locator("[data-unsaved]")).to_contain_text("Kept for you at")
    page.close()
    post.refresh_from_db()
    assert (post.core_text, post.version) == ("Ancien texte", 1)
    other = browser.new_context(base_url=live, locale="en-GB")
    phone = signed_in(other.new_page(), an)
    phone.goto(f"/posts/{post.pk}/edit/")
    expect(phone.get_by_text("that was not saved")).to_be_visible()
    expect(text_of(phone)).to_have_value("Ancien texte")
    phone.get_by_text("What differs").click()
    expect(phone.locator(".unsaved blockquote").last).to_contain_text(TYPED)
    axe(phone)
    phone.get_by_role("link", name="Take it up").click()
    expect(text_of(phone)).to_have_value(TYPED)
    axe(phone)
    phone.get_by_role("button", name="Save the draft").click()
    expect(phone.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(text_of(phone)).to_have_value(TYPED)
    expect(phone.locator(".unsaved")).to_have_count(0)
    other.close()


def test_a_session_that_ends_loses_nothing(page: Page, an: Person, post: Post, signed_in: Any, axe: Any) -> None:
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    Session.objects.all().delete()
    text_of(page).fill(TYPED)
    told = page.locator("[data-unsaved]")
    expect(told).to_contain_text("You were signed out. What you typed is kept in this tab")
    axe(page)
    assert not FormPage.objects.exists()
    expect(told.get_by_role("link", name="Sign in")).to_be_visible()
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    expect(page.get_by_text("stands in the fields again")).to_be_visible()
    expect(text_of(page)).to_have_value(TYPED)
    emptied(page)
    assert FormPage.objects.get().texts["core_text"] == [TYPED]


def test_what_was_sent_without_a_session_is_back_after_the_sign_in(
    page: Page, an: Person, post: Post, signed_in: Any
) -> None:
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    Session.objects.all().delete()
    text_of(page).fill(TYPED)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("heading", name="Sign in first")).to_be_visible()
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    expect(text_of(page)).to_have_value(TYPED)


def test_a_tab_that_goes_to_somebody_else_shows_them_nothing(
    page: Page, an: Person, post: Post, signed_in: Any
) -> None:
    bram = person_with("communication_cell", an.unit, name="Bram Claes")
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    Session.objects.all().delete()
    text_of(page).fill(TYPED)
    expect(page.locator("[data-unsaved]")).to_contain_text("You were signed out")
    signed_in(page, bram).goto(f"/posts/{post.pk}/edit/")
    emptied(page)
    expect(text_of(page)).to_have_value("Ancien texte")
    assert not FormPage.objects.exists()


def test_a_page_that_is_left_is_kept_and_one_that_was_saved_leaves_nothing(
    page: Page, an: Person, post: Post, signed_in: Any
) -> None:
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    text_of(page).fill(TYPED)
    page.goto("/posts/")  # before the moment has come at which it is kept by itself
    page.goto(f"/posts/{post.pk}/edit/")
    expect(page.locator(".unsaved")).to_be_visible()
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator(".unsaved")).to_have_count(0)
    text_of(page).fill(f"{TYPED} Encore.")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    emptied(page)
    expect(page.locator(".unsaved")).to_have_count(0)
    assert not FormPage.objects.filter(is_sent=False).exists()


def test_fields_that_came_with_a_picture_are_nothing_that_somebody_typed(
    page: Page, an: Person, post: Post, signed_in: Any
) -> None:
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    field = "<textarea name='alt-7-fr'></textarea>"
    came = f'document.querySelector("#id_core_text").insertAdjacentHTML("afterend", "{field}")'
    page.evaluate(came)
    page.goto(f"/posts/{post.pk}/edit/")
    expect(text_of(page)).to_be_visible()
    emptied(page)
    expect(page.locator(".unsaved")).to_have_count(0)
    assert not FormPage.objects.exists()
    page.evaluate(came)
    page.locator("[name='alt-7-fr']").fill(TYPED)
    expect(page.locator("[data-unsaved]")).to_contain_text("Kept for you at")
    assert FormPage.objects.get().texts["alt-7-fr"] == [TYPED]


def test_a_double_click_makes_one_post(page: Page, an: Person, post: Post, signed_in: Any) -> None:
    signed_in(page, an).goto("/posts/new/")
    page.get_by_label("Working title").fill("Once")
    page.get_by_role("button", name="Save the draft").dblclick()
    expect(page.get_by_role("heading", name="Edit this post")).to_be_visible()
    assert Post.objects.filter(title="Once").count() == 1


def test_back_and_save_again_leads_to_the_first_and_makes_a_second_on_purpose(
    page: Page, an: Person, post: Post, signed_in: Any, axe: Any, shoot: Any
) -> None:
    signed_in(page, an).goto("/posts/new/")
    for _time in range(2):  # the second time on a page that the server made anew
        page.get_by_label("Working title").fill("Once")
        text_of(page).fill(TYPED)
        page.get_by_role("button", name="Save the draft").click()
        if not _time:
            expect(page.get_by_role("heading", name="Edit this post")).to_be_visible()
            first = page.url
            page.go_back()
            page.reload()
    expect(page.get_by_role("heading", name="You saved this already")).to_be_visible()
    assert Post.objects.filter(title="Once").count() == 1
    axe(page)
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        shoot(page, f"saved_already_{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Open what you saved").click()
    expect(text_of(page)).to_have_value(TYPED)
    assert page.url == first
    page.go_back()
    page.get_by_role("button", name="Save a second one").click()
    expect(page.get_by_role("heading", name="Edit this post")).to_be_visible()
    expect(text_of(page)).to_have_value(TYPED)
    assert page.url != first
    assert Post.objects.filter(title="Once").count() == 2
    page.goto("/posts/new/")
    expect(page.locator(".unsaved")).to_have_count(0)
    assert not FormPage.objects.filter(is_sent=False).exists()


def test_it_can_be_looked_at(page: Page, live: str, an: Person, post: Post, signed_in: Any, shoot: Any) -> None:
    Person.objects.filter(pk=an.pk).update(language="fr")
    bram = person_with("communication_cell", an.unit, name="Bram Claes")
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    text_of(page).fill(TYPED)
    expect(page.locator("[data-unsaved]")).not_to_be_empty()
    content = content_for(*[one.account for one in post.variants.all()], title=post.title, core_text="De Bram")
    actions.edit_post(post=post, version=1, content=content, by=bram)
    for width, theme in ((360, "dark"), (1440, "light")):
        page.context.add_cookies([{"name": "theme", "value": theme, "url": live}])
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/posts/{post.pk}/edit/")
        page.locator(".unsaved summary").click()
        shoot(page, f"unsaved_offered_{width}_{theme}")
        page.locator(".unsaved a").click()
        text_of(page).press_sequentially("! ")
        expect(page.locator("[data-unsaved]")).not_to_be_empty()
        shoot(page, f"unsaved_taken_{width}_{theme}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def puts(page: Page) -> list[Any]:
    """The first words that are sent to be kept stay on their way until the test lets them go."""
    held: list[Any] = []

    def handle(route: Any) -> None:
        if route.request.method != "PUT" or held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/me/unsaved/", handle)
    return held


def test_what_was_typed_first_does_not_arrive_last(page: Page, an: Person, post: Post, signed_in: Any) -> None:
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    held = puts(page)
    text_of(page).fill("First")
    for _look in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    text_of(page).fill(TYPED)
    page.wait_for_timeout(2_500)  # longer than it takes until what is typed is sent
    with page.expect_response("**/me/unsaved/"):
        held[0].continue_()
    for _look in range(100):
        if FormPage.objects.filter(texts__core_text=[TYPED]).exists():
            break
        page.wait_for_timeout(50)
    assert FormPage.objects.get().texts["core_text"] == [TYPED]
    emptied(page)


def test_a_browser_that_keeps_nothing_itself_keeps_no_word_from_the_server(
    page: Page, an: Person, post: Post, signed_in: Any
) -> None:
    for store in ("sessionStorage", "localStorage"):
        forbidden = "{ get() { throw new DOMException('forbidden', 'SecurityError'); } }"
        page.add_init_script(f"Object.defineProperty(window, '{store}', {forbidden})")
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    text_of(page).fill(TYPED)
    expect(page.locator("[data-unsaved]")).to_contain_text("Kept for you at")


def test_a_page_that_did_not_leave_is_kept_again(page: Page, an: Person, post: Post, signed_in: Any) -> None:
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    page.route(f"**/posts/{post.pk}/edit/", lambda route: route.abort("aborted"))  # as by Escape
    page.get_by_role("button", name="Save the draft").click(no_wait_after=True)
    text_of(page).fill(TYPED)
    expect(page.locator("[data-unsaved]")).to_contain_text("Kept for you at")


def test_of_a_page_that_was_saved_it_is_told_that_nothing_is_kept(
    page: Page, an: Person, post: Post, signed_in: Any, axe: Any
) -> None:
    signed_in(page, an).goto(f"/posts/{post.pk}/edit/")
    mark = page.locator("[data-unsaved]").get_attribute("data-unsaved-mark")
    FormPage.objects.create(person=an, mark=mark, is_sent=True)  # as after a way back
    text_of(page).fill(TYPED)
    expect(page.locator("[data-unsaved]")).to_contain_text("You saved this page before")
    axe(page)
