"""Mastodon's text: how it counts, and how its HTML reads as plain words."""

from __future__ import annotations

import re

import regex

from networks import plaintext
from networks.markup import unescaped
from networks.sameness import comparable
from networks.validation import graphemes
from networks.web_addresses import web_addresses

REMOTE_MENTION = re.compile(r"(?<![\w/@])(@\w+(?:[.-]+\w+)*)@[\w-]+(?:\.[\w-]+)*(?::\d+)?")
# As the server finds those whom a text names, and what it may not be followed by.
_WORD = r"[\p{L}\p{M}\p{Nd}\p{Pc}]"
MENTION = regex.compile(
    rf"(?<![=/\p{{L}}\p{{M}}\p{{Nd}}\p{{Pc}}])(@[a-zA-Z0-9_]++(?:[.-]++[a-zA-Z0-9_]++)*+)"
    rf"(?:@{_WORD}++(?:[.-]++{_WORD}++)*+)?+"
)
NO_MENTION = regex.compile(r"[@\uff20\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u1e00-\u1eff]|://")


def countable_length(text: str, url_length: int = 23) -> int:
    """Length as Mastodon counts it: graphemes, any address at a fixed price, a mention without its server."""
    parts, at = list[str](), 0
    for begin, end, counted in sorted([*_priced(text, url_length), *_mentions(text)]):
        if begin >= at:
            parts += [text[at:begin], counted]
            at = end
    return graphemes("".join([*parts, text[at:]]))


def _priced(text: str, url_length: int) -> list[tuple[int, int, str]]:
    return [(begin, end, "x" * url_length) for begin, end in web_addresses(text)]


def _mentions(text: str) -> list[tuple[int, int, str]]:
    found = MENTION.finditer(text)
    return [(one.start(), one.end(), one[1]) for one in found if not NO_MENTION.match(text, one.end())]


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
