"""Parts of pages that change alone: what is said, where the focus stays, when the looking stops, and without script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from conversations.models import Conversation
from conversations.queries import draft_of
from crisis import actions as crisis_actions
from crisis.models import Crisis, CrisisStep
from delivery.actions import schedule_delivery
from delivery.models import Delivery, Hold
from networks.types import Audience
from organisation.models import Person
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory
from tests.factories.crisis import CrisisFactory
from tests.factories.organisation import GrantFactory, UnitFactory, person_with
from tests.factories.publishing import scheduled

pytestmark = pytest.mark.django_db(transaction=True)
# Real intervals, but nobody waits them out: the page's clock is moved on by hand.
A_LOOK, AN_INBOX_LOOK = 5_100, 30_100
DONE, NOT_DONE = (re.compile(f"^{verb} ?: Freeze what is due$") for verb in ("Done", "Not done after all"))


@pytest.fixture
def an(db: Any, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    settings.MEDIA_ROOT = tmp_path / "media"
    Hold.objects.update(lifted_at=Now())
    unit = UnitFactory.create(names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    person = person_with("communication_cell", unit, name="An Peeters")
    for role in ("conversation_manager", "crisis_cell"):
        GrantFactory.create(person=person, role=role)
    return person


@pytest.fixture
def post(an: Person) -> Post:
    bram = person_with("communication_cell", an.unit, name="Bram Claes")
    account = ConnectedAccountFactory.create(unit=an.unit, handle="fin.belgique", languages=["fr"])
    made = scheduled(an, bram, account)
    Delivery.objects.update(due_at=timezone.now())
    return made


@pytest.fixture
def conversation(an: Person) -> Conversation:
    """With an answer that waits to be sent."""
    account = ConnectedAccountFactory.create(unit=an.unit)
    made = ConversationFactory.create(account=account, author_name="Lucas Maes")
    mention = MentionFactory.create(conversation=made)
    content, digest = draft_of(mention, "Avant le 30 juin.", "fr", Audience.PUBLIC)
    answer = AnswerFactory.create(conversation=made, mention=mention, author=an, content_hash=digest)
    schedule_delivery(
        account=account,
        message_unit=account.unit,
        origin_kind="answer",
        origin_id=answer.pk,
        content=content,
        due_at=timezone.now(),
        by=an,
    )
    return made


@pytest.fixture
def crisis(an: Person) -> Crisis:
    return CrisisFactory.create(playbook__unit=an.unit, declared_by=an)


@pytest.fixture
def looking(page: Page) -> Any:
    """`looking(person's page, address)` opens it with a clock that stands still until it is moved on."""

    def opened(address: str) -> Page:
        page.clock.install()
        page.goto(address)
        page.wait_for_function("window.htmx !== undefined && document.documentElement.classList.contains('scripted')")
        return page

    return opened


def publish() -> None:
    url = "https://mastodon.example/@fin/1"
    Delivery.objects.update(state="published", published_at=Now(), remote_id="1", remote_url=url)


def asked_of(page: Page) -> list[str]:
    """Grows with each request that a script makes."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.headers.get("hx-request") else None)
    return asked


def test_a_post_is_followed_to_the_network_and_then_left_alone(
    an: Person, post: Post, signed_in: Any, looking: Any, page: Page, axe: Any
) -> None:
    signed_in(page, an)
    looking(reverse("publishing:post_detail", args=[post.pk]))
    asked = asked_of(page)
    with page.expect_response(lambda answer: answer.status == 204):
        page.clock.run_for(A_LOOK)
    expect(page.locator("#announced")).to_be_empty()
    Delivery.objects.update(state="sending", epoch=1, lease_until=timezone.now())
    page.locator(".variant-head a").first.focus()
    page.clock.run_for(A_LOOK)
    expect(page.locator("#announced")).to_have_text("@fin.belgique · Mastodon, Français: Being sent.")
    expect(page.locator(".variant-head a").first).to_be_focused()
    expect(page.locator(".page-title .pill")).to_have_text("Is being sent")
    axe(page)
    publish()
    page.clock.run_for(A_LOOK)
    expect(page.get_by_role("link", name="See it on Mastodon")).to_be_visible()
    expect(page.locator("#announced")).to_contain_text("Published.")
    axe(page)
    so_far = len(asked)
    page.clock.run_for(10 * A_LOOK)
    assert len(asked) == so_far == 3


def test_an_answer_is_followed_while_the_next_is_typed(
    an: Person, conversation: Conversation, signed_in: Any, looking: Any, page: Page, axe: Any
) -> None:
    signed_in(page, an)
    looking(reverse("conversations:conversation", args=[conversation.pk]))
    field = page.locator("textarea[name=text]")
    field.fill("Et encore ceci")
    publish()
    page.clock.run_for(A_LOOK)
    expect(page.get_by_role("link", name="See it there")).to_be_visible()
    expect(page.locator("#announced")).to_have_text("Our answer: On the network.")
    expect(field).to_have_value("Et encore ceci")
    expect(field).to_be_focused()
    axe(page)


def test_new_conversations_are_named_and_nothing_moves(
    an: Person, conversation: Conversation, signed_in: Any, looking: Any, page: Page, axe: Any
) -> None:
    signed_in(page, an)
    looking(reverse("conversations:inbox") + "?show=open")
    for _each in range(3):
        MentionFactory.create(conversation=ConversationFactory.create(account=conversation.account))
    page.clock.run_for(AN_INBOX_LOOK)
    expect(page.locator("#inbox-news")).to_contain_text("New messages in 3 conversations: show them")
    expect(page.locator("[data-inbox-item]")).to_have_count(1)
    axe(page)
    page.get_by_role("link", name="show them").click()
    expect(page.locator("[data-inbox-item]")).to_have_count(4)
    assert page.url.endswith("?show=open")


def test_a_step_is_ticked_in_its_place(
    an: Person, crisis: Crisis, signed_in: Any, page: Page, axe: Any, live: str
) -> None:
    signed_in(page, an).goto(reverse("crisis:crisis_detail", args=[crisis.pk]))
    page.evaluate("window.__same = true")
    page.get_by_role("button", name=DONE).focus()
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name=NOT_DONE)
    expect(undo).to_be_focused()
    expect(page.locator("#done-during")).to_have_text("1 of 2 done")
    expect(page.locator("#announced")).to_have_text("1 of 2 done")
    axe(page)
    page.keyboard.press("Enter")
    place = page.locator(f"#step-{crisis.steps.get(text='Freeze what is due').pk}")
    expect(place).to_contain_text("a second click takes nothing back")
    expect(undo).to_be_focused()
    axe(page)
    CrisisStep.objects.update(done_at=F("done_at") - timedelta(minutes=1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=DONE)).to_be_focused()
    expect(page.locator("#done-during")).to_have_text("0 of 2 done")
    assert page.evaluate("window.__same") is True


def test_who_was_quicker_is_named_at_the_step(an: Person, crisis: Crisis, signed_in: Any, page: Page, axe: Any) -> None:
    signed_in(page, an).goto(reverse("crisis:crisis_detail", args=[crisis.pk]))
    step = crisis.steps.get(text="Freeze what is due")
    crisis_actions.tick_step(step=step, by=person_with("crisis_cell", an.unit, name="Bram Claes"))
    page.get_by_role("button", name=DONE).click()
    place = page.locator(f"#step-{step.pk}")
    expect(place).to_contain_text("Somebody was there before you. Bram Claes did this step")
    expect(page.get_by_role("button", name=NOT_DONE)).to_be_focused()
    axe(page)


def test_steps_are_ticked_without_script(browser: Any, live: str, an: Person, crisis: Crisis, signed_in: Any) -> None:
    context = browser.new_context(base_url=live, java_script_enabled=False, locale="en-GB")
    page = signed_in(context.new_page(), an)
    page.goto(reverse("crisis:crisis_detail", args=[crisis.pk]))
    page.get_by_role("button", name=DONE).click()
    expect(page.get_by_role("button", name=NOT_DONE)).to_be_visible()
    expect(page.locator("#done-during")).to_have_text("1 of 2 done")
    context.close()


def test_months_turn_in_place_and_back_goes_back(an: Person, post: Post, signed_in: Any, page: Page, axe: Any) -> None:
    signed_in(page, an).goto(reverse("publishing:calendar_month", args=[2026, 12]))
    page.evaluate("window.__same = true")
    page.get_by_role("link", name="January").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("January 2027")
    expect(page).to_have_title("January 2027 · Parvis")
    expect(page).to_have_url(page.url.split("/calendar/")[0] + reverse("publishing:calendar_month", args=[2027, 1]))
    expect(page.locator("#month-later")).to_be_focused()
    expect(page.locator("#announced")).to_have_text("January 2027")
    assert page.evaluate("window.__same") is True
    axe(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text("December 2026")
    expect(page.locator(".rail")).to_be_visible()
    page.go_forward()
    expect(page.locator("h1")).to_have_text("January 2027")
    expect(page.locator(".rail")).to_be_visible()


def test_going_back_from_elsewhere_never_shows_a_part(
    an: Person, post: Post, signed_in: Any, looking: Any, page: Page
) -> None:
    signed_in(page, an)
    looking(reverse("publishing:post_detail", args=[post.pk]))
    publish()
    page.clock.run_for(A_LOOK)
    expect(page.get_by_role("link", name="See it on Mastodon")).to_be_visible()
    page.goto(reverse("crisis:home"))
    page.go_back()
    expect(page.locator(".rail")).to_be_visible()
    expect(page.locator("h1")).to_have_text(post.title)


def test_a_session_that_ended_leads_to_the_sign_in(
    an: Person, post: Post, signed_in: Any, looking: Any, page: Page
) -> None:
    signed_in(page, an)
    address = reverse("publishing:post_detail", args=[post.pk])
    looking(address)
    Session.objects.all().delete()
    page.clock.run_for(A_LOOK)
    page.wait_for_url(f"**/login/?next={address}")


def test_what_was_typed_is_not_taken_away_with_the_session(
    an: Person, conversation: Conversation, signed_in: Any, looking: Any, page: Page, axe: Any
) -> None:
    signed_in(page, an)
    looking(reverse("conversations:conversation", args=[conversation.pk]))
    page.locator("textarea[name=text]").fill("Long et précieux")
    Session.objects.all().delete()
    page.clock.run_for(A_LOOK)
    expect(page.locator("#messages")).to_contain_text("You were signed out.")
    expect(page.locator("textarea[name=text]")).to_have_value("Long et précieux")
    axe(page)


@pytest.mark.parametrize(("field", "value"), [("input[type=datetime-local]", "2031-01-01T09:00"), ("select", "")])
def test_nor_is_what_was_chosen(
    an: Person, post: Post, signed_in: Any, looking: Any, page: Page, field: str, value: str
) -> None:
    signed_in(page, an)
    address = reverse("publishing:post_detail", args=[post.pk])
    looking(address)
    if value:
        page.locator(f"main {field}").first.evaluate("(one, value) => { one.value = value }", value)
    else:
        page.locator("main").evaluate(
            "main => main.insertAdjacentHTML('beforeend', '<select><option>a<option>b</select>')"
        )
        page.locator("main select").last.select_option("b")
    Session.objects.all().delete()
    page.clock.run_for(A_LOOK)
    expect(page.locator("#messages")).to_contain_text("You were signed out.")


def test_what_goes_out_of_sight_leaves_the_page_standing(
    an: Person, post: Post, signed_in: Any, looking: Any, page: Page, axe: Any
) -> None:
    signed_in(page, an)
    looking(reverse("publishing:post_detail", args=[post.pk]))
    asked = asked_of(page)
    an.grants.update(until=timezone.now())
    page.clock.run_for(A_LOOK)
    expect(page.locator("#messages")).to_contain_text("This page does not update itself any more.")
    expect(page.locator(".variant-head")).to_be_visible()
    axe(page)
    page.clock.run_for(10 * A_LOOK)
    assert len(asked) == 1
