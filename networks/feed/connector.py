"""A feed behind the port."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from networks.errors import Invalid
from networks.feed.reading import Entry, Feed, read_apart
from networks.folding import holds
from networks.source import Memory, Source, digest
from networks.types import Author, Incoming, Kind, Page, PostRef

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
MOST_BYTES = 2_000_000
REMEMBERED = 500


class FeedConnector(Source):
    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        """Entries that are new or were changed, newest first; with a `query`, those that hold its words.

        An entry's time is the feed's own, never later than now; now where the feed gives none. `older` leads to the
        feed's own archive, as long as everything on a page was new.
        """
        place, memory = _place(older) if older else (self.account.base_url, Memory.read(since))
        answer = self._fetch_changed(place, ACCEPT, Memory() if older else memory, MOST_BYTES)
        if answer is None:
            return Page((), newest=since)
        feed = read_apart(answer)
        fresh = [entry for entry in feed.entries if memory.seen.get(digest(entry.id)) != entry.digest]
        known = _remember(memory if older else memory.of(answer), feed, behind=bool(older))
        now = datetime.now(UTC)
        items = [
            _incoming(entry, feed, now, self.account.base_url)
            for entry in fresh
            if holds(f"{entry.title}\n{entry.text}", query)
        ]
        goes_on = feed.earlier and feed.entries and len(fresh) == len(feed.entries) and feed.earlier != place
        return Page(
            tuple(sorted(items, key=lambda item: item.created_at, reverse=True)),
            older=json.dumps([feed.earlier, known.told()]) if goes_on else "",
            newest=known.told(),
        )


def _place(older: str) -> tuple[str, Memory]:
    """Where in the archive to go on, and what was seen on the way."""
    try:
        place, told = json.loads(older)
    except (ValueError, TypeError):
        raise Invalid("older", "not a page token") from None
    return str(place), Memory.read(str(told))


def _remember(memory: Memory, feed: Feed, *, behind: bool) -> Memory:
    """The entries of `feed` before all others, or `behind` them; the last ones are forgotten."""
    now = {digest(entry.id): entry.digest for entry in feed.entries}
    seen = {**memory.seen, **now} if behind else {**now, **{k: v for k, v in memory.seen.items() if k not in now}}
    return replace(memory, seen=dict(islice(seen.items(), REMEMBERED)))


def _incoming(entry: Entry, feed: Feed, now: datetime, address: str) -> Incoming:
    """The feed speaks, whoever it names as the author of an entry: nobody's name is kept."""
    return Incoming(
        ref=PostRef(entry.id, entry.url, cid=entry.digest),
        kind=Kind.SEARCH_HIT,
        author=Author(id=address, handle=feed.title, name=feed.title, url=feed.url),
        text=entry.text,
        created_at=min(entry.said_at or now, now),
        language=feed.language,
        title=entry.title,
    )
