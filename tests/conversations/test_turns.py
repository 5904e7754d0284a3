"""A conversation is shown a page at a time, the latest first: nothing of it is lost, and no citizen makes it grow."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.models import Account
from conversations.models import Answer, Conversation
from conversations.queries import audience_of_answer, turns
from networks.types import Audience
from organisation.models import Person
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory

A_PAGE = 50


@pytest.fixture
def conversation(account: Account) -> Conversation:
    return ConversationFactory.create(account=account)


@pytest.fixture
def client(manager: Person) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def wrote(conversation: Conversation, count: int, *, a_minute: int = 1) -> None:
    """`count` messages, the last one now, `a_minute` of them at the same moment each."""
    for number in range(count):
        sent_at = timezone.now().replace(microsecond=0) - timedelta(minutes=(count - 1 - number) // a_minute)
        MentionFactory.create(conversation=conversation, text=f"Message {number}.", sent_at=sent_at)


def answered(conversation: Conversation, *, minutes_ago: float) -> Answer:
    return AnswerFactory.create(
        conversation=conversation,
        text=f"Answer {minutes_ago}.",
        written_at=timezone.now().replace(microsecond=0) - timedelta(minutes=minutes_ago),
    )


def page_of(conversation: Conversation) -> str:
    return reverse("conversations:conversation", args=[conversation.pk])


def said_on(client: Client, conversation: Conversation, cursor: str = "") -> list[str]:
    told = client.get(page_of(conversation), {"page": cursor} if cursor else {}).content.decode()
    return re.findall(r"(?:Message|Answer) [\d.]+\.", told.partition('class="turns"')[2].partition("</section>")[0])


@pytest.mark.slow
@pytest.mark.parametrize("a_minute", [1, 7])
def test_every_message_and_every_answer_is_on_one_page(
    client: Client, conversation: Conversation, a_minute: int
) -> None:
    wrote(conversation, 120, a_minute=a_minute)
    for minutes_ago in (0, 3, 7.5, 49.5, 50, 50.5, 119.5, 300):
        answered(conversation, minutes_ago=minutes_ago)
    pages, cursor, seen = [], "", turns(conversation)
    while True:
        pages.append(said_on(client, conversation, cursor))
        if not (cursor := turns(conversation, cursor).earlier):
            break
    everything = [words for page in reversed(pages) for words in page]
    assert [words for words in everything if "Message" in words] == [f"Message {number}." for number in range(120)]
    assert sorted(words for words in everything if "Answer" in words) == sorted(
        f"Answer {minutes}." for minutes in (0, 3, 7.5, 49.5, 50, 50.5, 119.5, 300)
    )
    assert len(pages) == 3
    back = turns(conversation, turns(conversation, seen.earlier).later)
    assert [one.pk for one in back.mentions] == [one.pk for one in seen.mentions]


@pytest.mark.slow
@pytest.mark.parametrize("written", [51, 150])
def test_a_page_is_no_longer_and_asks_no_more_for_who_writes_a_lot(
    client: Client, conversation: Conversation, written: int, django_assert_num_queries: Any
) -> None:
    wrote(conversation, written)
    client.get(page_of(conversation))
    with django_assert_num_queries(28):
        told = client.get(page_of(conversation))
    assert len(re.findall('aria-label="Message of the citizen"', told.content.decode())) == A_PAGE


@pytest.mark.longer
def test_who_reads_what_was_earlier_is_led_back_to_where_one_answers(
    client: Client, conversation: Conversation
) -> None:
    wrote(conversation, A_PAGE + 1)
    latest = client.get(page_of(conversation)).content.decode()
    assert "Send this answer" in latest
    assert "Earlier messages" in latest
    assert "Later messages" not in latest
    earlier = client.get(page_of(conversation), {"page": turns(conversation).earlier}).content.decode()
    assert "Send this answer" not in earlier
    assert "Earlier messages" not in earlier
    assert "Later messages" in earlier
    assert f'href="{page_of(conversation)}">To the latest message' in earlier


@pytest.mark.parametrize("cursor", ["next:nonsense", "previous:2999-01-01T00:00:00+00:00:1", "\0", "next:" + "9" * 500])
def test_an_odd_cursor_shows_the_latest(client: Client, conversation: Conversation, cursor: str) -> None:
    wrote(conversation, 1)
    assert said_on(client, conversation, cursor) == ["Message 0."]


@pytest.mark.longer
def test_the_api_turns_pages_too(client: Client, conversation: Conversation) -> None:
    wrote(conversation, A_PAGE + 2)
    answered(conversation, minutes_ago=50.5)
    address = f"/api/v1/conversations/{conversation.pk}/"
    latest = client.get(address).json()
    assert [one["text"] for one in latest["mentions"]] == [f"Message {number}." for number in range(2, A_PAGE + 2)]
    assert (latest["answers"], latest["later"]) == ([], "")
    earlier = client.get(address, {"page": latest["earlier"]}).json()
    assert [one["text"] for one in earlier["mentions"]] == ["Message 0.", "Message 1."]
    assert [one["answer"]["text"] for one in earlier["answers"]] == ["Answer 50.5."]
    assert earlier["earlier"] == ""
    assert client.get(address, {"page": earlier["later"]}).json()["mentions"] == latest["mentions"]


@pytest.mark.longer
def test_an_answer_is_as_narrow_as_what_is_on_no_page_in_sight(conversation: Conversation) -> None:
    """The citizen's unanswered message for few lies a hundred messages back."""
    MentionFactory.create(
        conversation=conversation, audience="direct", sent_at=timezone.now() - timedelta(minutes=A_PAGE * 2 + 1)
    )
    wrote(conversation, A_PAGE * 2)
    assert audience_of_answer(conversation) is Audience.DIRECT


@pytest.mark.longer
def test_the_newest_answer_counts_wherever_one_reads(client: Client, conversation: Conversation) -> None:
    """A colleague's answer that stands on an earlier page is no conflict for whoever saw the page."""
    wrote(conversation, A_PAGE + 1)
    old = answered(conversation, minutes_ago=A_PAGE + 0.5)
    assert client.get(page_of(conversation)).context["answer_form"].initial["seen"] == old.pk
