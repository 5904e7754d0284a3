"""Mastodon's text: how it counts, and how its HTML reads as plain words."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import nh3

from networks.validation import graphemes

URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
URL_END = ".,;:!?'\"»”’"
REMOTE_MENTION = re.compile(r"(?<![\w/@])(@\w+(?:[\w.-]*\w)?)@[\w-]+(?:\.[\w-]+)*(?::\d+)?")
# What carries words or breaks between them; the rest is dropped by nh3, and scripts with all that is in them.
TAGS = {"a", "blockquote", "br", "div", "em", "li", "ol", "p", "pre", "span", "strong", "ul"}
BLOCKS = ("p", "blockquote", "li", "pre", "div")


def countable_length(text: str, url_length: int = 23) -> int:
    """Length as Mastodon counts it: graphemes, any URL at a fixed price, a mention without its server."""
    urls = 0

    def price(match: re.Match[str]) -> str:
        nonlocal urls
        urls += 1
        return match.group()[len(_url(match.group())) :]

    rest = REMOTE_MENTION.sub(r"\1", URL.sub(price, text))
    return graphemes(rest) + urls * url_length


def _url(found: str) -> str:
    """Without the sentence's own punctuation, and without a bracket that was opened before the URL."""
    url = found.rstrip(URL_END)
    if url.endswith(")") and "(" not in url:
        url = url.rstrip(")").rstrip(URL_END)
    return url


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The fallback line that servers add for readers without quotes is not the author's.
        if self._skipped or "quote-inline" in (dict(attrs).get("class") or ""):
            if tag != "br":
                self._skipped.append(tag)
        elif tag == "br":
            self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" and not self._skipped:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag in self._skipped:
                del self._skipped[self._skipped.index(tag) :]
        elif tag in BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(data)


def plain(html: str) -> str:
    """The words of a stranger's HTML, with its line and paragraph breaks; shortened links come out whole."""
    reader = _Reader()
    reader.feed(nh3.clean(html, tags=TAGS, attributes={"*": {"class"}}, link_rel=None))
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.parts)).strip()


def same_words(ours: str, theirs: str) -> bool:
    """Whether the text we sent and the text read back are one message, whatever became of its white space."""
    return _comparable(ours) == _comparable(theirs)


def _comparable(text: str) -> str:
    text = unicodedata.normalize("NFC", REMOTE_MENTION.sub(r"\1", text))
    return " ".join(text.split())
