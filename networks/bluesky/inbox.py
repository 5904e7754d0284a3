"""What is said to an account where an AppView tells of it, and the answers below its own newest posts that it does not.

An AppView reads repositories beside each other. An answer that it reads before what it answers is told to nobody, then
or later; in the thread it stands like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from atproto_client import Client, models
from atproto_client.models.utils import get_model_as_dict

from networks import threads
from networks.bluesky import lists
from networks.bluesky.reading import kind_for, read_instant
from networks.calls import each_readable
from networks.errors import Gone, Invalid, Unsupported
from networks.paging import as_instant
from networks.threads import Mark, Own, Told
from networks.types import Incoming, Kind

PAGE = 100
REASONS = ["mention", "reply", "quote"]
DEPTH = 5  # an AppView tells of an answer to those whose posts are so far above it


class Inbox(threads.Inbox):
    """Of the account `did`, as `client` is signed in; `read` makes a message of what the AppView shows of a post."""

    def __init__(self, client: Client, did: str, read: Callable[[Any, Kind], Incoming]) -> None:
        self._client = client
        self._did = did
        self._read = read

    def told(self, before: str, mark: Mark) -> Told:
        asked = models.AppBskyNotificationListNotifications.Params(limit=PAGE, cursor=before or None, reasons=REASONS)
        told = lists.asked(self._client, "app.bsky.notification.listNotifications", asked)
        found = lists.entries(told, "notifications", models.AppBskyNotificationListNotifications.Notification)
        known = mark.at if mark.looks_back else mark.note
        fresh, ended = newer(found, known)
        ours = [note for note in fresh if note.reason in REASONS]
        items = each_readable(ours, lambda note: self._read(note, self._kind(note)))
        further = None if ended else lists.cursor(told) or None
        return Told(items, seen(found, known), further)

    def _kind(self, note: Any) -> Kind:
        """An answer that names us is told as a mention alone."""
        return kind_for(get_model_as_dict(note.record), self._did) or Kind(note.reason)

    def own(self) -> Sequence[Own]:
        """What nobody counts, or an AppView that knows us not yet, is nothing."""
        asked = models.AppBskyFeedGetAuthorFeed.Params(actor=self._did, filter="posts_with_replies", limit=PAGE)
        try:
            told = lists.asked(self._client, "app.bsky.feed.getAuthorFeed", asked)
        except (Gone, Invalid, Unsupported):
            return ()
        feed = lists.entries(told, "feed", models.AppBskyFeedDefs.FeedViewPost)
        posts = [one.post for one in feed if one.post.author.did == self._did]  # others' are there that we shared
        return each_readable(
            posts, lambda one: Own(one.uri, one.reply_count or 0, read_instant(one.indexed_at), self._given(one))
        )

    def _given(self, post: Any) -> Incoming | None:
        """A post of ours as an answer; None where it answers nothing, or cannot be read."""
        answers = [post] if getattr(post.record, "reply", None) else []
        return next(iter(each_readable(answers, lambda one: self._read(one, Kind.ANSWER))), None)

    def below(self, message: str) -> Sequence[Incoming]:
        try:
            posts = list(self._thread(message))
        except Gone:
            return ()
        theirs = [post for post in posts if post.author.did != self._did]
        return each_readable(theirs, lambda post: self._read(post, Kind.REPLY))

    def ours_below(self, message: str) -> tuple[Incoming, ...]:
        """What we answered below somebody's message."""
        ours = [post for post in self._thread(message) if post.author.did == self._did]
        return each_readable(ours, lambda post: self._read(post, Kind.ANSWER))

    def _thread(self, message: str) -> Iterator[Any]:
        asked = models.AppBskyFeedGetPostThread.Params(uri=message, depth=DEPTH, parent_height=0)
        return lists.below(lists.asked(self._client, "app.bsky.feed.getPostThread", asked).get("thread"))


def newer(views: list[Any], since: str) -> tuple[list[Any], bool]:
    """The views, newest first, that came after the mark `since`, and whether what lies before it was reached."""
    mark, *seen = since.split("|")
    floor = as_instant(mark)
    if floor is None:
        return views, False
    ages = each_readable(views, lambda view: (view, read_instant(view.indexed_at)))
    fresh = [view for view, at in ages if at >= floor and view.uri not in seen]
    # The network sorts by what an author claims where that is earlier: of what it saw late, more may stand behind.
    return fresh, bool(ages) and ages[-1][1] < floor


def seen(views: list[Any], since: str) -> str:
    """The newest instant with everything seen of it: two may be indexed in one instant, the second only shown later."""
    if not views:
        return since
    instant, *known = since.split("|")
    newest = views[0].indexed_at
    uris = {view.uri for view in views if view.indexed_at == newest} | (set(known) if newest == instant else set())
    return "|".join((newest, *sorted(uris)))
