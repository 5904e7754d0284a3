"""What concerns a page: told by the network where it may tell us, else gathered below the page's own posts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from networks.answers import list_of
from networks.calls import each_readable
from networks.errors import Gone, Invalid, PermissionMissing, Rejected, Unavailable, Unsupported
from networks.facts import inner
from networks.linkedin.reading import instant, read_comment, read_notification, urn_of_comment
from networks.linkedin.rest import Rest
from networks.linkedin.urns import comment_urn, encoded
from networks.paging import OVERLAP, MergedCursor, Slice
from networks.types import Incoming, Kind, Page

TOLD = "told"
POSTS = "posts"
COMMENTS = "comments"
ACTIONS = ("COMMENT", "SHARE_MENTION")
OURS = "ADMIN_COMMENT"  # what a page's own people say in its name
PAGE = 50
# Lists are asked for by place, and shift while they are read: each page begins a little before the last one's end.
SHARED = 10
KEPT = timedelta(days=60)  # that long the network remembers what it told
COMMENTED_FOR = timedelta(days=30)  # where it tells us nothing, comments below older posts are not looked for
CLOCKS_APART = timedelta(days=1)
ASKED_A_PAGE = 10  # half a minute each at the most: less than a claim on the stream lasts


class Inbox:
    def __init__(self, rest: Rest, me: str, site: str, now: Callable[[], datetime]) -> None:
        self._rest = rest
        self._me = me
        self._site = site
        self._now = now

    def page(self, since: str, older: str) -> Page:
        merged = MergedCursor.begin(since, older, {TOLD: ""})
        # Notifications carry the moment of telling, not of writing: what is told late is told as new. Reading ten
        # minutes of them again would hold up a flood, whose every page would be one that is known.
        known = merged.floor + OVERLAP if merged.floor else None

        def read(lane: str, cursor: str) -> Slice:
            kind, _, place = lane.partition(" ")
            if kind == TOLD:
                return self._notifications(cursor, known)
            if kind == POSTS:
                return self._posts(_number(cursor))
            below, _, post = place.partition(" ")
            return self._comments(below, post, _number(cursor))

        return merged.page(read)

    def _notifications(self, cursor: str, known: datetime | None) -> Slice:
        """Notifications, newest first. `cursor` is "end:start": the instant to read back from, and a place from there.

        Going by instants, a page loses nothing when others before it appear or go away.
        """
        now = self._now()
        end, _, place = cursor.partition(":")
        until, start = _number(end) or _milliseconds(now + CLOCKS_APART), _number(place)
        begin = _milliseconds(max(known, now - KEPT) if known else now - KEPT)
        within = f"&timeRange=(start:{begin},end:{until})&start={start}&count={PAGE}"
        try:
            told = self._told(within)
        except (PermissionMissing, Unsupported, Gone):
            return Slice((), opens={POSTS: "0"})
        items, read = self._read(told)
        if read == len(told) < PAGE:
            return Slice(self._heard(items))
        ages = each_readable(told[:read], lambda one: int(one["lastModifiedAt"]))
        last = ages[-1] + 1 if ages else until
        further = f"{until}:{start + read}" if last >= until else f"{last}:0"
        return Slice(self._heard(items), further)

    def _read(self, told: list[Any]) -> tuple[tuple[Incoming, ...], int]:
        """What can be read of it, and how much of it was read: of our own answers, each of which may have to be asked
        for by itself, a page holds no more than are asked for in time."""
        found: list[Incoming] = []
        asked = 0
        for place, one in enumerate(told):
            if self._is_a_persons_own(one):
                continue
            for item in each_readable([one], lambda note: read_notification(note, self._site)):
                hides = self._hides_its_place(item)
                if hides and asked == ASKED_A_PAGE:
                    return tuple(found), place
                asked += hides
                found.append(self._placed(item) if hides else item)
        return tuple(found), len(told)

    def _told(self, within: str) -> list[Any]:
        """What the page was told, its own comments too where the network knows them by that name."""
        try:
            return self._told_of((*ACTIONS, OURS), within)
        except Invalid:
            return self._told_of(ACTIONS, within)

    def _told_of(self, actions: tuple[str, ...], within: str) -> list[Any]:
        query = f"q=criteria&actions=List({','.join(actions)})&organizationalEntity={encoded(self._me)}{within}"
        return list_of(self._rest.get("/rest/organizationalEntityNotifications", query, finder=True), "elements")

    def _is_a_persons_own(self, told: Any) -> bool:
        """What one of the page's people says in their own name is neither a citizen's nor ours."""
        activity = told.get("decoratedGeneratedActivity") if isinstance(told, dict) else None
        comment = activity.get("comment") if isinstance(activity, dict) else None
        owner = comment.get("owner") if isinstance(comment, dict) else None
        return isinstance(told, dict) and told.get("action") == OURS and owner != self._me

    def _hides_its_place(self, item: Incoming) -> bool:
        """Whether it is an answer of ours of which the network's telling does not say what it stands below."""
        return item.author.id == self._me and item.root is not None and item.parent == item.root

    def _placed(self, item: Incoming) -> Incoming:
        """As it says itself what it stands below; as it was told, where it does not."""
        urn, root = comment_urn(item.ref.id), item.root
        if urn is None or root is None:
            return item
        try:
            comment = self._rest.get(f"/rest/socialActions/{encoded(urn.object)}/comments/{urn.number}")
        except (Rejected, Unavailable):  # what is wrong with one keeps no other from coming
            return item
        read = partial(read_comment, kind=Kind.REPLY, site=self._site, below=root.id, told_to=self._me)
        return next(iter(each_readable([comment], read)), item)

    def _posts(self, start: int) -> Slice:
        """Our own posts, each of which opens the lane of its comments."""
        query = f"q=author&author={encoded(self._me)}&sortBy=CREATED&start={start}&count={PAGE}"
        posts = list_of(self._rest.get("/rest/posts", query, finder=True), "elements")
        ages = each_readable(posts, lambda one: (str(one["id"]), instant(one["createdAt"])))
        young = [post for post, at in ages if self._now() - at < COMMENTED_FOR]
        goes_on = len(posts) == PAGE and len(young) == len(ages)
        further = str(start + PAGE - SHARED) if goes_on else ""
        return Slice((), further, {f"{COMMENTS} {post} {post}": "0" for post in young})

    def _comments(self, below: str, post: str, start: int) -> Slice:
        """The comments right below a post or a comment; those that were answered open a lane of their own."""
        query = f"start={start}&count={PAGE}"
        try:
            told = list_of(self._rest.get(f"/rest/socialActions/{encoded(below)}/comments", query), "elements")
        except Gone:
            return Slice(())
        told.sort(key=_written, reverse=True)
        items = each_readable(told, lambda one: read_comment(one, Kind.REPLY, self._site, below=post, told_to=self._me))
        answered = each_readable(told, lambda one: str(urn_of_comment(one)) if _answers(one) else "")
        opens = {f"{COMMENTS} {urn} {post}": "0" for urn in answered if urn}
        return Slice(self._heard(items), str(start + PAGE - SHARED) if len(told) == PAGE else "", opens)

    def _heard(self, items: tuple[Incoming, ...]) -> tuple[Incoming, ...]:
        """What we said ourselves is an answer of ours, or, as a post, nothing to us."""
        ours = [item for item in items if item.author.id == self._me]
        answers = {item.ref.id: replace(item, kind=Kind.ANSWER) for item in ours if item.parent}
        return tuple(answers.get(item.ref.id, item) for item in items if item not in ours or item.ref.id in answers)


def _written(comment: Any) -> int:
    at = inner(comment, "created").get("time")
    return at if isinstance(at, int) else 0


def _answers(comment: Any) -> int:
    return int((comment.get("commentsSummary") or {}).get("aggregatedTotalComments") or 0)


def _milliseconds(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp() * 1000)


def _number(text: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid("older", "not a page token")
    return int(text)
