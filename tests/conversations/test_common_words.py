"""However common a word is, a page shows what looking at every conversation would, and in that order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts_registry.models import Account
from conversations.models import Answer, Conversation
from conversations.queries import InboxFilter, inbox, inbox_list, inbox_page, words
from organisation.models import Person, Unit
from organisation.queries import Keyset
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory
from tests.factories.organisation import UnitFactory

MANY, SHOWN, COUNTED = 40, 4, 9
OLD = timedelta(days=100)


@pytest.fixture
def said(account: Account, unit: Unit, monkeypatch: pytest.MonkeyPatch) -> list[Conversation]:
    """The newest first; two at each moment. Every other one says "often", in an answer of ours or in a message."""
    monkeypatch.setattr(words, "SAMPLE", 8)
    monkeypatch.setattr(inbox, "LATEST_FIRST", Keyset("last_mention_at", size=SHOWN))
    monkeypatch.setattr(inbox, "COUNT_UP_TO", COUNTED)
    below = ConnectedAccountFactory.create(unit=UnitFactory.create(parent=unit))
    elsewhere = ConnectedAccountFactory.create()
    now, made = timezone.now(), []
    for number in range(MANY):
        at = now - timedelta(hours=number // 2)
        facts = {"account": (account, below, elsewhere)[number % 3], "last_mention_at": at}
        one = ConversationFactory.create(**facts, state="closed" if number % 5 == 0 else "new")
        text = "Often" if number % 4 == 0 else "Seldom" if number == 5 else "Other"
        text = "Often rare" if number in (1, 31) else text
        text += " lately" if number in (0, 1, 3, 4, 6, 33) else ""
        MentionFactory.create(conversation=one, text=text)
        MentionFactory.create(conversation=one, text="Yesteryear", sent_at=at - OLD)
        if number % 4 == 2:
            AnswerFactory.create(conversation=one, author=account.owner, text="Often")
        made.append(one)
    Answer.objects.update(written_at=now)
    return sorted(made, key=lambda one: (one.last_mention_at, one.pk), reverse=True)


def looked_at(said: list[Conversation], manager: Person, wanted: InboxFilter) -> list[int]:
    """By looking at each of them."""
    found = set(inbox.filtered(manager, wanted).values_list("pk", flat=True))
    return [one.pk for one in said if one.pk in found]


WANTED: list[dict[str, Any]] = [
    {"words": "often"},
    {"words": "often", "show": "closed"},
    {"words": "ofte"},
    {"words": "yesteryear", "reach": "all"},
    {"words": "yesteryear"},
    {"words": "rare often"},
    {"words": "lately"},
    {"words": "seldom"},
    {"words": "???"},
]


@pytest.mark.longer
def test_every_page_is_what_each_conversation_says(said: list[Conversation], manager: Person) -> None:
    for wanted in WANTED:
        turned(said, manager, wanted)


def turned(said: list[Conversation], manager: Person, wanted: dict[str, Any]) -> None:
    asked = InboxFilter(**{"show": "all", **wanted})
    told = looked_at(said, manager, asked)
    page = inbox_page(manager, asked)
    assert page.count == min(len(told), COUNTED)
    assert [one.pk for one in inbox_list(manager, asked).rows] == told[:SHOWN]
    seen = [[one.pk for one in page.conversations]]
    while page.page.next:
        before, page = page, inbox_page(manager, asked, page.page.next)
        assert page.count == min(len(told), COUNTED)
        seen.append([one.pk for one in page.conversations])
        back = inbox_page(manager, asked, page.page.previous)
        assert [one.pk for one in back.conversations] == [one.pk for one in before.conversations]
    assert seen == ([told[at : at + SHOWN] for at in range(0, len(told), SHOWN)] or [[]])


def test_only_what_is_common_among_the_newest_is_walked_through(said: list[Conversation], manager: Person) -> None:
    rows = Conversation.objects.order_by("-last_mention_at", "-pk")
    for query, is_walked in (("often", True), ("lately", False), ("yesteryear", False), ("seldom", False)):
        asked = InboxFilter(show="all", words=query)
        walked = inbox._saying(manager, asked)._walked(rows, COUNTED)
        assert walked == (looked_at(said, manager, asked)[:COUNTED] if is_walked else None)
