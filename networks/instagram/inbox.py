"""What citizens write to an account: below what it published, and by showing it in what they publish.

One thing is not listed anywhere: a late answer to an old comment that has many younger ones beside it. Of that, only a
webhook tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from networks.calls import each_readable
from networks.facts import inner
from networks.graph.acting import Acting
from networks.graph.reading import Json, listed, may_go_on, members, next_cursor, read_instant, serial
from networks.instagram.reading import COMMENT, MEDIA, read_comment, read_media, read_shown
from networks.looking import newest_first
from networks.paging import Slice
from networks.types import Incoming, Kind, PostRef

PUBLISHED, TAGS, BELOW, ANSWERS = "published", "tags", "below:", "answers:"
PAGE = 25
COMMENTS = 50
NESTED = 20  # comments on each thing, and answers to each: the network puts only so much together
ANSWERED = f"{COMMENT},replies.limit({NESTED}){{{COMMENT}}}"
COMMENTED = f"{MEDIA},comments.limit({NESTED}){{{ANSWERED}}}"


class Lanes:
    """Reads one slice at a time. `floor` is what was seen before; below what is older than `horizon` nobody looks."""

    def __init__(self, acting: Acting, account: str, handle: str, *, floor: datetime | None, horizon: datetime) -> None:
        self._acting = acting
        self._account = account
        self._handle = handle
        self._floor = floor
        self._horizon = horizon

    @staticmethod
    def all() -> dict[str, str]:
        return {PUBLISHED: "", TAGS: ""}

    def read(self, lane: str, cursor: str) -> Slice:
        if lane == PUBLISHED:
            return self._published(cursor)
        if lane == TAGS:
            told = self._acting.edge(self._account, "tags", after=cursor, fields=MEDIA, limit=PAGE)
            shown = [one for one in listed(told) if isinstance(one, dict) and not self._is_ours(one)]
            items = each_readable(shown, lambda one: read_shown(one, Kind.MENTION, self._account, self._acting.site))
            return Slice(items, next_cursor(told))
        kind, _, place = lane.partition(":")
        identifier, _, url = place.partition("@")
        root = PostRef(identifier.partition("/")[0], url)
        return self._below(root, identifier.rpartition("/")[2], cursor, answers=f"{kind}:" == ANSWERS)

    def _published(self, cursor: str) -> Slice:
        """What the account published, with what stands below it. Goes on to the horizon: new comments are below old."""
        told = self._acting.edge(self._account, "media", after=cursor, fields=COMMENTED, limit=PAGE)
        published = listed(told)
        found: list[Incoming] = []
        opens: dict[str, str] = {}
        for root, below in each_readable(published, lambda one: (read_media(one), inner(one, "comments"))):
            items, further = self._comments(below, root)
            found += items
            opens |= further
            if next_cursor(below) and not self._is_old(listed(below)):
                opens[_lane(BELOW, root, root.id)] = next_cursor(below)
        ages = each_readable(published, _written)
        old = bool(ages) and ages[-1] < self._horizon
        return Slice(self._fresh(found), "" if old else next_cursor(told), opens)

    def _below(self, root: PostRef, place: str, cursor: str, *, answers: bool) -> Slice:
        """More comments on `root`, or more answers to one of them (oldest first, as the network lists those)."""
        edge, fields = ("replies", COMMENT) if answers else ("comments", ANSWERED)
        told = self._acting.edge(place, edge, after=cursor, fields=fields, limit=COMMENTS)
        items, opens = self._comments(told, root)
        ended = not answers and self._is_old(listed(told))
        return Slice(self._fresh(items), "" if ended else next_cursor(told), opens)

    def _comments(self, told: Json, root: PostRef) -> tuple[list[Incoming], dict[str, str]]:
        """All of them, answers to comments among them, ours too; and where there are more answers."""
        opens: dict[str, str] = {}
        raw: list[Any] = []
        for comment in listed(told):
            raw.append(comment)
            answers = inner(comment, "replies")
            raw += [{"parent_id": comment.get("id"), **one} for one in listed(answers) if isinstance(one, dict)]
            if next_cursor(answers):
                opens[_lane(ANSWERS, root, str(comment["id"]))] = next_cursor(answers)
        return list(each_readable(raw, lambda one: self._heard(one, root))), opens

    def _heard(self, told: Json, root: PostRef) -> Incoming:
        """A comment; one of ours under our id, for the network tells of some by the name alone."""
        item = read_comment(told, root, self._account, self._acting.site)
        if not self._is_ours(told):
            return item
        return replace(item, kind=Kind.ANSWER, author=replace(item.author, id=self._account))

    def _fresh(self, found: list[Incoming]) -> tuple[Incoming, ...]:
        fresh = [item for item in found if self._floor is None or item.created_at >= self._floor]
        return tuple(sorted(fresh, key=lambda item: (item.created_at, serial(item.ref.id)), reverse=True))

    def _is_old(self, told: list[Any]) -> bool:
        """Whether the last of these comments is from before what was seen."""
        ages = each_readable(told, _written)
        return bool(ages) and self._floor is not None and ages[-1] < self._floor

    def _is_ours(self, told: Json) -> bool:
        return is_by(told, self._account, self._handle)


def is_by(told: Json, account: str, handle: str) -> bool:
    """By the id of whoever wrote, where it is told: a name that the account bore once may be somebody else's by now."""
    writer = inner(told, "from") or inner(told, "owner")
    if writer.get("id"):
        return str(writer["id"]) == account
    named = str(writer.get("username") or told.get("username") or "")
    return bool(named) and named.casefold() == handle.casefold()


def _written(told: Json) -> datetime:
    return read_instant(told["timestamp"])


def _lane(kind: str, root: PostRef, place: str) -> str:
    """A lane's name holds all that reading it needs: the published thing, the comment, and the thing's address."""
    return f"{kind}{root.id}/{place}@{root.url}"


def pages(acting: Acting, place: str, edge: str, fields: str, most: int) -> Iterator[dict[str, Any] | None]:
    """What hangs at `place`, publications newest first; None where there is more than `most` pages of it."""
    cursor = ""
    for _ in range(most):
        told = acting.edge(place, edge, after=cursor, fields=fields, limit=COMMENTS)
        found = members(told)
        yield from newest_first(found, lambda one: read_instant(one["timestamp"])) if edge == "media" else found
        cursor = next_cursor(told)
        if may_go_on(told, COMMENTS):
            break
        if not cursor:
            return
    yield None
