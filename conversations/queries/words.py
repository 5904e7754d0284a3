"""Conversations by what is said in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from conversations.models import Answer, Conversation, InboundMessage
from networks.folding import as_query
from organisation.queries import KeysFirst, Parts

SEARCHED = timedelta(days=90)
SAMPLE, COMMON, MOST_WALKED = 200, 0.2, 10_000
A_CENTURY = timedelta(days=36_525)  # citizens of a network may write from long ago


def searched(found: QuerySet[Conversation], words: str, reach: str = "") -> QuerySet[Conversation]:
    """Those of `found` with a message, its author's name included, or an answer of ours that holds all of `words`.

    What was written in the last `SEARCHED`; with the `reach` "all", whatever is kept. How words are compared,
    `networks.folding` says.
    """
    query = as_query(words)
    if not query:
        return found.none()
    said, answered = _saying(query, reach)
    # One list of keys, not two conditions with an "or" between them: for that, every conversation would be looked at.
    return found.filter(pk__in=said.order_by().values("conversation").union(answered.order_by().values("conversation")))


def _saying(query: str, reach: str) -> tuple[QuerySet[InboundMessage], QuerySet[Answer]]:
    said = InboundMessage.objects.filter(words__matching=query)
    answered = Answer.objects.filter(words__matching=query)
    if reach != "all":
        said, answered = said.filter(sent_at__gt=Now() - SEARCHED), answered.filter(written_at__gt=Now() - SEARCHED)
    return said, answered


@dataclass(frozen=True)
class Saying(KeysFirst):
    """Of the conversations of `parts`, the newest that say `words`: as `searched` finds them, however common these are.

    Of a word in every fifth conversation the index knows hundreds of thousands, of which each would be sorted. Where
    the newest ones show that it is so common, they are walked through instead, the newest first, each asked by itself,
    until there are enough.
    """

    parts: Parts
    words: str
    reach: str = ""

    def first(self, rows: QuerySet[Any], count: int) -> QuerySet[Any, Any]:
        return Conversation.objects.filter(pk__in=self.keys(rows, count)).values("pk")

    def keys(self, rows: QuerySet[Conversation], count: int) -> list[int]:
        """Of the ordered `rows`, the keys of the first `count`, in their order. Three queries at most."""
        walked = self._walked(rows, count)
        if walked is not None:
            return walked
        found = searched(rows.filter(unit__in=self.parts.owners), self.words, self.reach)
        return list(found.select_related(None).values_list("pk", flat=True)[:count])

    def _walked(self, rows: QuerySet[Conversation], count: int) -> list[int] | None:
        """None where the words are not common among the newest of `rows`, or fewer than `count` are found soon."""
        query = as_query(self.words)
        if not query or rows.query.order_by[0] != "-last_mention_at":
            return None
        newest = self._newest(rows, query, SAMPLE)
        hits = [pk for pk, _moment, hit in newest if hit]
        if len(hits) >= count:
            return hits[:count]
        if len(newest) < SAMPLE or len(hits) < COMMON * SAMPLE:
            return None
        first, last = newest[0][1], newest[-1][1]
        since = last - min((first - last) * (1.5 * count / len(hits)), A_CENTURY)
        walked = self._newest(rows.filter(last_mention_at__gte=since), query, MOST_WALKED)
        hits = [pk for pk, _moment, hit in walked if hit]
        return hits[:count] if len(hits) >= count else None

    def _newest(self, rows: QuerySet[Conversation], query: str, count: int) -> list[tuple[int, datetime, int | None]]:
        """The first `count` of `rows` by key and moment, each with the key of what says it there, or None."""
        said, answered = _saying(query, self.reach)
        # One look in an index a conversation: an EXISTS would be joined, and all that says it read first.
        here = OuterRef("pk")
        looks = [
            Subquery(said.filter(conversation=here).order_by().values("pk")[:1]),
            Subquery(answered.filter(conversation=here).order_by().values("pk")[:1]),
        ]
        found = rows.select_related(None).filter(pk__in=self.parts.first(rows, count))
        return list(
            found.annotate(hit=Coalesce(*looks, output_field=BigIntegerField())).values_list(
                "pk", "last_mention_at", "hit"
            )[:count]
        )
