"""Both sides of a conversation by time: a citizen may write thousands of messages, and a page shows a few of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Q, QuerySet

from conversations.models import Conversation, InboundMessage
from conversations.queries.answers import AnswerStatus, answers_of
from monitoring.models import Mention
from organisation.prepared import Prepared, Slot
from organisation.queries import Keyset, Page

LATEST_FIRST = Keyset("sent_at", size=50)


@dataclass(frozen=True)
class Turns:
    """A page of what was said, each side the oldest first. `page` runs backwards: its `next` is earlier."""

    mentions: list[Mention]
    answers: list[AnswerStatus]
    page: Page[InboundMessage]

    @property
    def earlier(self) -> str:
        """The cursor of what was said before this; empty where it begins here."""
        return self.page.next

    @property
    def later(self) -> str:
        """The cursor of what was said after this; empty where nothing was."""
        return self.page.previous

    @property
    def in_order(self) -> list[tuple[str, Any]]:
        """Both sides by time: ("mention", a mention) and ("answer", an answer's status)."""
        said: list[tuple[datetime, str, Any]] = [(mention.sent_at, "mention", mention) for mention in self.mentions]
        said += [(status.answer.written_at, "answer", status) for status in self.answers]
        return [(side, what) for at, side, what in sorted(said, key=lambda one: one[0])]


def turns(conversation: Conversation, cursor: str = "") -> Turns:
    """The latest messages with the answers between them, or the page at `cursor`; each answer is on one page.

    Six queries at most, however much was said.
    """
    rows = _said_in(conversation.pk)
    page = LATEST_FIRST.page(rows, cursor) if cursor else _latest(conversation)
    if cursor and not page.rows:
        page = _latest(conversation)
    mentions = [row.mention for row in reversed(page.rows)]
    for row in page.rows:
        row.mention.inbound, row.conversation = row, conversation  # known already, and asked for of each in the API
        if row.mention.account_id == conversation.account_id:
            row.mention.account = conversation.account
    since = mentions[0].sent_at if page.next else None
    return Turns(mentions, answers_of(conversation, since=since, before=_after(page, rows)), page)


def _said_in(conversation: int | Slot) -> QuerySet[InboundMessage]:
    """Its messages, by its key."""
    found = InboundMessage.objects.filter(conversation=conversation).defer("words")
    return found.select_related("mention__watch", "mention__item")


def _latest(conversation: Conversation) -> Page[InboundMessage]:
    return LATEST_FIRST.page_of(_latest_of()(conversation=conversation.pk))


@cache
def _latest_of() -> Prepared[InboundMessage, InboundMessage]:
    return Prepared(LATEST_FIRST.asked(_said_in(Slot("conversation", BigIntegerField()))))


def _after(page: Page[InboundMessage], rows: QuerySet[InboundMessage]) -> datetime | None:
    """When the page after this one begins; None on the latest."""
    if not page.previous:
        return None
    last = page.rows[0]
    beyond = Q(sent_at__gte=last.sent_at) & (Q(sent_at__gt=last.sent_at) | Q(pk__gt=last.pk))
    return rows.filter(beyond).order_by("sent_at", "pk").values_list("sent_at", flat=True).first()
