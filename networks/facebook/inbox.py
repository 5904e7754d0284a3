"""What citizens write to a page, and what the page answers them. No single list holds it: comments hang below each
post, mentions stand elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from networks.calls import each_readable
from networks.facebook.reading import COMMENT, POST, read_message
from networks.facts import inner
from networks.graph.acting import Acting
from networks.graph.reading import Json, listed, next_cursor, read_instant, serial
from networks.paging import Slice
from networks.types import Incoming, Kind

POSTS, TAGGED, BELOW = "posts", "tagged", "below:"
PAGE = 25
COMMENTS = 100
NESTED = 25
# Newest first, answers to comments among them, so that one call per page of posts is enough on a quiet day.
NEWEST_COMMENTS = f"comments.filter(stream).order(reverse_chronological).limit({NESTED}){{{COMMENT}}}"


class Lanes:
    """Reads one slice at a time. `floor` is what was seen before; below posts older than `horizon` nobody looks."""

    def __init__(self, acting: Acting, page: str, *, floor: datetime | None, horizon: datetime) -> None:
        self._acting = acting
        self._page = page
        self._floor = floor
        self._horizon = horizon

    @staticmethod
    def all() -> dict[str, str]:
        return {POSTS: "", TAGGED: ""}

    def read(self, lane: str, cursor: str) -> Slice:
        if lane == POSTS:
            return self._posts(cursor)
        if lane == TAGGED:
            told = self._acting.edge(self._page, "tagged", after=cursor, fields=POST, limit=PAGE)
            return Slice(self._messages(listed(told), Kind.MENTION), next_cursor(told))
        told = self._acting.edge(
            lane.removeprefix(BELOW),
            "comments",
            after=cursor,
            fields=COMMENT,
            filter="stream",
            order="reverse_chronological",
            limit=COMMENTS,
        )
        return Slice(self._messages(listed(told), Kind.REPLY), next_cursor(told))

    def _posts(self, cursor: str) -> Slice:
        """The page's posts with what stands below them, and its visitors' posts.

        The lane goes on to the horizon, not only to what was seen: a new comment stands below an old post.
        """
        fields = f"{POST},{NEWEST_COMMENTS}"
        told = self._acting.edge(self._page, "feed", after=cursor, fields=fields, limit=PAGE)
        posts = listed(told)
        found = list(self._messages(posts, Kind.MENTION))
        opens: dict[str, str] = {}
        for post in posts:
            below = inner(post, "comments")
            replies = self._messages(listed(below), Kind.REPLY)
            found += replies
            if next_cursor(below) and not (replies and self._is_seen(replies[-1])):
                opens[f"{BELOW}{post['id']}"] = next_cursor(below)
        fresh = [item for item in found if not self._is_seen(item)]
        fresh.sort(key=lambda item: (item.created_at, serial(item.ref.id)), reverse=True)
        ages = each_readable(posts, lambda one: read_instant(one["created_time"]))
        old = bool(ages) and ages[-1] < self._horizon
        return Slice(tuple(fresh), "" if old else next_cursor(told), opens)

    def _messages(self, told: list[Any], kind: Kind) -> tuple[Incoming, ...]:
        """Everybody's, and below them our own answers."""
        heard = [one for one in told if _writer(one) != self._page or kind is Kind.REPLY]
        return each_readable(heard, lambda one: read_message(one, self._kind(one, kind), self._page, self._acting.site))

    def _kind(self, told: Json, kind: Kind) -> Kind:
        return Kind.ANSWER if _writer(told) == self._page else kind

    def _is_seen(self, item: Incoming) -> bool:
        return self._floor is not None and item.created_at < self._floor


def _writer(told: Json) -> str:
    return str(inner(told, "from").get("id") or "")
