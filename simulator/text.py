"""How a text is counted and shown, as Mastodon does."""

from __future__ import annotations

import html
import re
import unicodedata

from simulator.store import people
from simulator.store.database import Database
from simulator.store.posts import HASHTAG, MENTION, URL

MAX_CHARACTERS = 500
URL_CHARACTERS = 23
_DOMAIN = re.compile(r"(?<![\w/])(@\w+)@[\w.\-]+\w")
_MARKS = re.compile("|".join((URL.pattern, MENTION.pattern, HASHTAG.pattern)))


def length(text: str) -> int:
    """Visible characters; an address counts 23, and the domain of a mention nothing."""
    shortened = URL.sub("x" * URL_CHARACTERS, text)
    return graphemes(_DOMAIN.sub(r"\1", shortened))


def graphemes(text: str) -> int:
    """What a reader sees as one character counts once: marks, joined emoji, skin tones, flags, CRLF.

    Covers the rules of Unicode's UAX 29 that texts in European languages and emoji meet, not those for Hangul or Indic.
    """
    count, flags, joined = 0, 0, False
    for sign in unicodedata.normalize("NFC", text.replace("\r\n", "\n")):
        flag = "\U0001f1e6" <= sign <= "\U0001f1ff"
        flags = flags + 1 if flag else 0
        extends = unicodedata.category(sign) in {"Mn", "Me"} or sign == "\u200d" or "\U0001f3fb" <= sign <= "\U0001f3ff"
        if not extends and not joined and not (flag and flags % 2 == 0):
            count += 1
        joined = sign == "\u200d"
    return count


def as_html(db: Database, text: str, base_url: str) -> str:
    """Paragraphs, line breaks, links, mentions of people who exist, and hashtags."""
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    return "".join(
        f"<p>{'<br />'.join(_line(db, line, base_url) for line in paragraph.split(chr(10)))}</p>"
        for paragraph in paragraphs
        if paragraph
    )


def _line(db: Database, line: str, base_url: str) -> str:
    shown, position = [], 0
    for mark in _MARKS.finditer(line):
        shown += [html.escape(line[position : mark.start()], quote=False), _mark(db, mark[0], base_url)]
        position = mark.end()
    return "".join([*shown, html.escape(line[position:], quote=False)])


def _mark(db: Database, mark: str, base_url: str) -> str:
    if mark.startswith("@"):
        person = people.by_handle(db, mark[1:].partition("@")[0])
        if not person:
            return html.escape(mark)
        return (
            f'<span class="h-card" translate="no"><a href="{base_url}/@{person.handle}" class="u-url mention">'
            f"@<span>{person.handle}</span></a></span>"
        )
    if mark.startswith("#"):
        tag = mark[1:]
        address = f"{base_url}/tags/{tag.lower()}"
        return f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
    return _link(mark)


def _link(address: str) -> str:
    scheme = re.match(r"https?://(?:www\.)?", address)
    start = scheme[0] if scheme else ""
    rest = address[len(start) :]
    shown, hidden = rest[:30], rest[30:]
    return (
        f'<a href="{html.escape(address)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{start}</span>'
        f'<span class="{"ellipsis" if hidden else ""}">{html.escape(shown)}</span>'
        f'<span class="invisible">{html.escape(hidden)}</span></a>'
    )
