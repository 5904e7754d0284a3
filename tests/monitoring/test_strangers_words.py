"""What citizens call themselves and write stands apart from our own words, on every page, and hides nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from accounts_registry.models import Account
from conversations.models import Conversation
from delivery.actions import bind
from monitoring.actions.receiving import receive
from monitoring.models import Entry, Item
from networks.types import Attachment, Poll
from organisation.models import Person
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.monitoring import incoming

TURN = "\u202e"
NAME, TEXT = f"{TURN}ecilop", f"gpj.{TURN}<b>exe</b>\nline\u200btwo"

# How templates call what citizens wrote, and by which filter each is printed.
THEIRS = re.compile(
    r"\{\{-?\s*(?:(?:conversation|one|other|what|mention|item)\.(?:author(?:_name|_handle)?|text|warning|first_words)"
    r"|entry(?:\.item\.text|\.item\.title)?|part\.alt)(?![\w.])(?P<filters>[^}]*)\}\}"
)
APART = ("|theirs", "|theirs_text", "|theirs_plain")


def templates() -> list[Path]:
    rooms = (Path(settings.BASE_DIR) / "templates" / room for room in ("monitoring", "conversations"))
    return sorted(path for room in rooms for path in room.rglob("*.html"))


def test_no_template_prints_a_strangers_words_as_its_own() -> None:
    seen = [(path.name, one) for path in templates() for one in THEIRS.finditer(path.read_text())]
    assert (
        len(seen) >= 8
    )  # turns and rows are written by code: `tests/governance/test_rows.py` gives them hostile words
    assert [(name, one.group()) for name, one in seen if not one["filters"].strip().endswith(APART)] == []


def test_no_sentence_takes_a_strangers_words_as_they_are() -> None:
    theirs = r"(?:conversation|one|other|what|mention|part|entry)\.(?:author\w*|text|warning|alt)|answer_warning"
    given = re.compile(rf"\w+=((?:{theirs})[^\s%]*)")
    seen = [found for path in templates() for found in given.findall(path.read_text())]
    assert len(seen) >= 3
    assert [one for one in seen if not one.endswith(APART)] == []


@pytest.fixture
def turned(account: Account) -> Conversation:
    """A citizen whose name and words turn direction and hide signs, in every field of theirs."""
    bind()
    conversation = ConversationFactory.create(account=account, author_name=NAME, author_handle="noor")
    MentionFactory.create(conversation=conversation, text=TEXT)
    other = ConversationFactory.create(account=account, author_name=NAME, author_handle="")
    MentionFactory.create(conversation=other, text="", warning=TEXT)
    return conversation


@pytest.mark.longer
def test_every_page_shows_what_they_hide(turned: Conversation, manager: Person) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(manager)
    places = [reverse("conversations:conversation", args=[one.pk]) for one in Conversation.objects.all()]
    for place in [*places, reverse("conversations:inbox"), "/"]:
        html = client.get(place).content.decode()
        assert "ecilop" in html, place
        assert TURN not in html, place
        assert "\u200b" not in html, place
        assert "<b>exe" not in html, place
    page = client.get(reverse("conversations:conversation", args=[turned.pk])).content.decode()
    assert (
        '<bdi><span class="unseen" title="Invisible sign: RIGHT-TO-LEFT OVERRIDE">‹U+202E›</span>ecilop</bdi>' in page
    )
    assert '<p class="turn-text" dir="auto"' in page


@pytest.mark.longer
def test_no_name_that_hides_signs_stands_in_what_we_are_about_to_say(account: Account, manager: Person) -> None:
    bind()
    client = Client()
    client.force_login(manager)
    for handle, begins in ((f"an{TURN}na", ""), ("anna", "@anna ")):
        conversation = ConversationFactory.create(account=account, author_handle=handle)
        MentionFactory.create(conversation=conversation)
        html = client.get(reverse("conversations:conversation", args=[conversation.pk])).content.decode()
        found = re.search(r'id="id_text">\n([^<]*)</textarea>', html)
        assert found is not None
        assert found.group(1) == begins
        assert TURN not in html


def test_entries_of_sources_too() -> None:
    """The list of a source, with an entry as its fields are."""
    entry = Entry(item=Item(title=NAME, text=TEXT, url=""))
    told = Template("{% load frame %}{{ entry|theirs }}{{ entry.item.text|theirs_text }}{{ entry|theirs_plain }}")
    html = told.render(Context({"entry": entry}))
    assert TURN not in html
    assert html.endswith("\u2068‹U+202E›ecilop\u2069")
    assert "&lt;b&gt;exe&lt;/b&gt;<br>line" in html


def test_words_that_hide_nothing_are_only_set_apart() -> None:
    assert (
        Template("{% load frame %}{{ a|theirs }}").render(Context({"a": "Noor & Luc"})) == "<bdi>Noor &amp; Luc</bdi>"
    )


@pytest.mark.longer
def test_no_citizen_makes_a_page_of_ours_as_large_as_they_like(account: Account, manager: Person) -> None:
    """A million signs, each of which is shown by something longer, in all that one message may have."""
    hostile = "a\u202e<" * 350_000
    hung = tuple(Attachment("picture", "https://x.example/" + "u" * 400, hostile) for _ in range(100))
    receive(
        account=account,
        items=[incoming(1, text=hostile, warning=hostile, attachments=hung, poll=Poll((hostile,) * 99))],
    )
    conversation = Conversation.objects.get()
    client = Client()
    client.force_login(manager)
    for address in (reverse("conversations:conversation", args=[conversation.pk]), "/inbox/", reverse("mention-list")):
        answer = client.get(address)
        assert answer.status_code == 200
        assert len(answer.content) < 1_000_000, address
    assert Item.objects.get().text.endswith("…")
