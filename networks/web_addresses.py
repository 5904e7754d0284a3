"""Where a web address begins and ends in a text, as Mastodon's servers have it; others take what we send for one alike.

It begins with `http://` or `https://`, not right behind a western letter, a figure or `@ # $`. The sentence's own
punctuation does not belong to it, nor does a bracket that was opened before. The browser has the same rules
(`static/src/js/web_addresses.js`).
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from networks.addresses import taken_apart

_LETTER = r"[\p{L}\p{M}\p{N}]"
_LABEL = rf"{_LETTER}(?:[\p{{L}}\p{{M}}\p{{N}}_-]*{_LETTER})?"
_PATH = r"[^\s<>()?]"
_BEYOND = r"\u00a0-\U0010fffd"  # what may stand in a question besides ASCII
START = regex.compile(
    rf"(?<![A-Za-z0-9@\uff20$#\uff03\ufffe\ufeff\uffff])https?://(?:{_LABEL}\.)+\p{{L}}(?:[\p{{L}}\p{{M}}\p{{N}}-]*{_LETTER})?"
    r"(?::\d+)?",
    regex.IGNORECASE,
)
PATH = regex.compile(rf"/(?:{_PATH}|\({_PATH}+\)|\({_PATH}*\({_PATH}+\){_PATH}*\))*")
QUERY = regex.compile(rf"\?[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^{_BEYOND}]*", regex.IGNORECASE)
AFTER_PATH = "?!*\"'「」<>;:=,.$%[]~&|@"
QUERY_END = regex.compile(rf"[a-z0-9_&=#/\-{_BEYOND}]", regex.IGNORECASE)


def web_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends, in order."""
    at = 0
    while found := START.search(text, at):
        at = _end(text, found.end())
        yield found.start(), at


def _end(text: str, at: int) -> int:
    if path := PATH.match(text, at):
        at += len(path[0].rstrip(AFTER_PATH))
    if query := QUERY.match(text, at):
        end = query.end()
        while end > at and not QUERY_END.match(text, end - 1):
            end -= 1
        at = end
    return at


def stands_in(address: str, text: str) -> bool:
    """Whether `text` says `address` as a whole, not as the beginning of a longer one."""
    wanted = _meant(address)
    return any(_meant(text[begin:end]) == wanted for begin, end in web_addresses(text))


def _meant(address: str) -> tuple[str, str]:
    """Host without the case of its letters, and what comes after; the empty path is "/"."""
    parts = taken_apart(address)
    rest = parts._replace(scheme="", netloc="", path=parts.path or "/").geturl()
    return f"{parts.scheme}://{parts.netloc.casefold()}", rest.rstrip(AFTER_PATH)
