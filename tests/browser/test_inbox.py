"""The inbox and the crisis room as people see and work them: three widths, both themes, by keys alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from conversations.models import Conversation
from conversations.queries import draft_of
from delivery.actions import schedule_delivery
from networks.types import Audience
from organisation.models import Person
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory
from tests.factories.crisis import CrisisFactory
from tests.factories.monitoring import StreamFactory, WatchFactory
from tests.factories.organisation import GrantFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def an(db: Any) -> Person:
    unit = UnitFactory.create(names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    person = person_with("conversation_manager", unit, name="An Peeters")
    GrantFactory.create(person=person, role="crisis_cell")
    return person


@pytest.fixture
def conversations(an: Person, monkeypatch: pytest.MonkeyPatch) -> list[Conversation]:
    """Three: one late, one new, one with an answer that waits."""
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    account = ConnectedAccountFactory.create(unit=an.unit, handle="fin.belgique")
    made = []
    for minutes, name in ((0, "Lucas Maes"), (5, "Fatima El Amrani"), (90, "Jean-Pierre de la Fontaine")):
        at = timezone.now() - timedelta(minutes=minutes)
        one = ConversationFactory.create(account=account, author_name=name, clock_started_at=at)
        MentionFactory.create(conversation=one, url="https://mastodon.example/@citizen/1")
        made.append(one)
    Conversation.objects.filter(pk=made[2].pk).update(deadline=timezone.now() - timedelta(hours=1), category="press")
    mention = made[1].mentions.get()
    content, digest = draft_of(mention, "Avant le 30 juin.", "fr", Audience.PUBLIC)
    answer = AnswerFactory.create(conversation=made[1], mention=mention, author=an, content_hash=digest)
    schedule_delivery(
        account=account,
        message_unit=account.unit,
        origin_kind="answer",
        origin_id=answer.pk,
        content=content,
        due_at=timezone.now(),
        by=an,
    )
    WatchFactory.create(account=account, owner=an, name="Déclaration")
    StreamFactory.create(account=account, failing_since=timezone.now(), problem_code="unavailable")
    return made


def addresses(conversations: list[Conversation], an: Person) -> dict[str, str]:
    crisis = CrisisFactory.create(playbook__unit=an.unit, declared_by=an)
    watch = conversations[0].account.watches.get()
    return {
        "inbox": reverse("conversations:inbox"),
        "inbox_empty": reverse("conversations:inbox") + "?show=closed",
        "conversation": reverse("conversations:conversation", args=[conversations[1].pk]),
        "streams": reverse("monitoring:stream_list"),
        "watches": reverse("monitoring:watch_list"),
        "watch": reverse("monitoring:watch_detail", args=[watch.pk]),
        "watch_new": reverse("monitoring:watch_new"),
        "crisis_home": reverse("crisis:home"),
        "playbook": reverse("crisis:playbook_detail", args=[crisis.playbook_id]),
        "playbook_new": reverse("crisis:playbook_new"),
        "declare": reverse("crisis:declare", args=[crisis.playbook_id]),
        "crisis": reverse("crisis:crisis_detail", args=[crisis.pk]),
    }


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (768, "dark"), (1440, "light")])
def test_pages_hold(
    page: Page,
    live: str,
    an: Person,
    conversations: list[Conversation],
    signed_in: Any,
    axe: Any,
    shoot: Any,
    width: int,
    theme: str,
) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live}])
    page.set_viewport_size({"width": width, "height": 900})
    signed_in(page, an)
    for name, address in addresses(conversations, an).items():
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        shoot(page, f"{name}_{width}_{theme}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} scrolls sideways"


def test_a_long_list_beside_does_not_lengthen_the_page(page: Page, an: Person, signed_in: Any) -> None:
    account = ConnectedAccountFactory.create(unit=an.unit)
    for _one in range(40):
        newest = ConversationFactory.create(account=account)
        MentionFactory.create(conversation=newest)
    signed_in(page, an).goto(reverse("conversations:conversation", args=[newest.pk]))
    beside, page_height = page.evaluate(
        "[document.querySelector('.inbox-beside').scrollHeight, document.documentElement.scrollHeight]"
    )
    assert beside > 3000
    assert page_height < 2200


def test_the_inbox_by_keys(page: Page, an: Person, conversations: list[Conversation], signed_in: Any) -> None:
    signed_in(page, an).goto(reverse("conversations:inbox"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Lucas Maes")
    page.keyboard.press("r")
    page.keyboard.type("Avant le 30 juin.")
    assert "Avant le 30 juin." in page.locator("textarea[name=text]").input_value()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your answer is on its way.")).to_be_visible()
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()


def test_a_key_does_nothing_once_switched_off(
    page: Page, an: Person, conversations: list[Conversation], signed_in: Any
) -> None:
    signed_in(page, an).goto(reverse("conversations:inbox"))
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_hidden()
