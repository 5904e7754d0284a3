"""Mastodon's text: how it counts, and how its HTML reads as plain words."""

from __future__ import annotations

import re

from networks import plaintext
from networks.markup import unescaped
from networks.sameness import comparable
from networks.validation import graphemes

URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
URL_END = ".,;:!?'\"»”’"
REMOTE_MENTION = re.compile(r"(?<![\w/@])(@\w+(?:[.-]+\w+)*)@[\w-]+(?:\.[\w-]+)*(?::\d+)?")


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


def plain(told: str) -> str:
    """The words of a status; shortened links come out whole.

    The fallback line that servers add for readers without quotes is not the author's.
    """
    return plaintext.plain(told, left_out="quote-inline")


def same_words(ours: str, theirs: str) -> bool:
    """Whether the text we sent and the text read back are one message, whatever became of its white space."""
    return comparable(_meant(ours)) == comparable(_meant(theirs))


def _meant(text: str) -> str:
    # Some servers take "&amp;" in what we sent for the sign that it means.
    return REMOTE_MENTION.sub(r"\1", unescaped(text))
