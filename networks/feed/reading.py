"""From the bytes of a feed to its entries, in whichever dialect, as far as they can be read."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from networks import apart
from networks.calls import each_readable
from networks.egress import Answer
from networks.errors import Invalid
from networks.feed.dates import named_instant
from networks.feed.jsonfeed import entries as json_entries
from networks.feed.jsonfeed import json_feed, words
from networks.feed.parsing import parsed
from networks.plaintext import plain
from networks.source import digest

MOST_ENTRIES = 200
LONGEST_ID = 300
LONGEST_TEXT = 20_000
LONGEST_HTML = 50_000  # characters of one entry that are looked at
LINE = re.compile(r"[ \t]*[\r\n\t]+[ \t]*")  # where an address is written over several lines
EARLIER = ("prev-archive", "next")  # RFC 5005: where a feed goes on towards the past


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing said on a feed. `title` and `text` are plain; `said_at` is the feed's own date, None where it has none.

    `id` is the entry's own, else its address, else a digest of its words.
    """

    id: str
    url: str
    title: str
    text: str
    said_at: datetime | None

    @property
    def digest(self) -> str:
        return digest(self.url, self.title, self.text)


@dataclass(frozen=True, slots=True)
class Feed:
    """`earlier` is the address of an older part of the feed; empty where it tells none. No entry stands twice."""

    title: str
    url: str
    language: str
    entries: tuple[Entry, ...]
    earlier: str


def read_feed(answer: Answer) -> Feed:
    """The feed in `answer`, its first `MOST_ENTRIES` entries; `Invalid` where it holds none.

    The parser gets bytes and never an address, and resolves no external entity: reading calls nobody.
    """
    told_type = answer.header("content-type")
    if (told := json_feed(answer.body, told_type)) is not None:
        return _json_feed(told, answer.url)
    found = _parsed(answer, told_type)
    if not _is_feed(found) and "charset" in told_type.lower():
        found = _parsed(answer, "application/xml")  # what the server says of the encoding was wrong
    if not _is_feed(found):
        raise Invalid("url", "no feed")
    told = found.feeddata
    return Feed(
        title=_words(told, "title") or urlsplit(answer.url).netloc,
        url=_address(told.get("link")) or answer.url,
        language=str(told.get("language") or "")[:10],
        entries=_entries(found.entries[:MOST_ENTRIES], answer.url),
        earlier=next(_links(told), ""),
    )


def _json_feed(told: dict[str, Any], url: str) -> Feed:
    return Feed(
        title=" ".join(words(told, "title").split())[:LONGEST_ID] or urlsplit(url).netloc,
        url=_address(words(told, "home_page_url")) or url,
        language=words(told, "language")[:10],
        entries=_entries(list(json_entries(told, MOST_ENTRIES)), url),
        earlier=_address(words(told, "next_url")),
    )


def _entries(told: list[Any], feed_url: str) -> tuple[Entry, ...]:
    """Each once. Where one id stands for several addresses, it tells nothing apart: the addresses do."""
    read = list(each_readable(told, lambda one: _entry(one, feed_url)))
    places: dict[str, set[str]] = {}
    for entry in read:
        places.setdefault(entry.id, set()).add(entry.url)
    entries: dict[str, Entry] = {}
    for entry in read:
        own = entry if len(places[entry.id]) == 1 else replace(entry, id=_name(entry.url))
        entries.setdefault(own.id, own)
    return tuple(entries.values())


def read_apart(answer: Answer) -> Feed:
    """As `read_feed`, in a process that may be killed."""
    told = apart.read(_feed_facts, replace(answer, secrets=()))
    title, url, language, earlier = (str(told[name]) for name in ("title", "url", "language", "earlier"))
    return Feed(title, url, language, tuple(_entry_of(*one) for one in told["entries"]), earlier)


def _entry_of(own: str, url: str, title: str, text: str, said_at: float | None) -> Entry:
    instant = None if said_at is None else datetime.fromtimestamp(said_at, UTC)
    return Entry(str(own), str(url), str(title), str(text), instant)


def _feed_facts(answer: Answer) -> apart.Told:
    feed = read_feed(answer)
    entries = [[one.id, one.url, one.title, one.text, one.said_at and one.said_at.timestamp()] for one in feed.entries]
    return {"entries": entries, **{name: getattr(feed, name) for name in ("title", "url", "language", "earlier")}}


def _parsed(answer: Answer, content_type: str) -> Any:
    try:
        return parsed(answer.body, content_type, answer.url)
    except Exception:
        raise Invalid("url", "no feed") from None


def _is_feed(found: Any) -> bool:
    return bool(found.version or found.entries)


def _entry(told: Any, feed_url: str) -> Entry:
    url = _address(told.get("link"))
    title, text = _words(told, "title"), _text(told)
    if not (title or text or url):
        raise ValueError("an entry without any word")
    own = str(told.get("id") or "").strip() or url
    return Entry(_name(own) if own else digest(title, text), url or feed_url, title, text, _instant(told))


def _name(own: str) -> str:
    return own if len(own) <= LONGEST_ID and own.isprintable() else digest(own)


def _text(told: Any) -> str:
    """The whole content where the feed brings it, else the summary."""
    content = told.get("content")
    detail = content[0] if content else told.get("summary_detail")
    return _plain(detail)[:LONGEST_TEXT] if detail else ""


def _words(told: Any, name: str) -> str:
    """One line."""
    return " ".join(_plain(told.get(f"{name}_detail") or {"value": told.get(name) or ""}).split())[:LONGEST_ID]


def _plain(detail: Any) -> str:
    words = str(detail.get("value") or "")[:LONGEST_HTML]
    return words.strip() if detail.get("type") == "text/plain" and "&lt;" not in words else plain(words)


def _instant(told: Any) -> datetime | None:
    """When it was published, else when it was changed, in UTC: feeds write any zone."""
    if "instant" in told:
        known: datetime | None = told["instant"]
        return known
    if named := named_instant(str(told.get("published") or "")):
        return named
    parsed = told.get("published_parsed")
    if parsed is None and "updated_parsed" in told:  # where it is not, the parser would warn, and give the other
        parsed = told["updated_parsed"]
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _links(told: Any) -> Iterator[str]:
    links = told.get("links") or ()
    for wanted in EARLIER:
        yield from (url for link in links if link.get("rel") == wanted and (url := _address(link.get("href"))))


def _address(url: Any) -> str:
    """A web address, with what it may not hold written as browsers send it; else nothing: it may be a script."""
    url = LINE.sub("", str(url or "").strip()).replace(" ", "%20")
    return url if url.lower().startswith(("https://", "http://")) and url.isprintable() else ""
