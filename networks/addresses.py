"""Addresses that strangers and networks write: taken apart without trust that they are any."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

NONE = SplitResult("", "", "", "", "")
LONGEST = 500
LONGEST_LABEL = 63
DOTS = re.compile("[.。．｡]")


def taken_apart(url: str) -> SplitResult:
    """The parts of `url`; nothing but empty ones where it is no address, such as "http://["."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return NONE
    return parts


def host_of(url: str) -> str:
    """Host and port in lower case; empty where there is none. "große" stays another name than "grosse"."""
    return taken_apart(url).netloc.lower()


def in_ascii(host: str) -> str:
    """`host` as browsers ask for it; UnicodeError where none can be called so."""
    labels = DOTS.split(host)
    if not host.isascii() and not all(labels[:-1]):
        raise UnicodeError
    return ".".join(map(_in_ascii, labels))


def _in_ascii(label: str) -> str:
    """To Python's own codec "große" and "grosse" are one name."""
    if label.isascii():
        return label
    label = unicodedata.normalize("NFKC", label.lower())
    if len(label) > LONGEST_LABEL:  # what a host's letters cost grows with the square of them
        raise UnicodeError
    if {*label} & {"ß", "ς"}:
        return f"xn--{label.encode('punycode').decode('ascii')}"
    return label.encode("idna").decode("ascii")


def kept_address(url: str) -> str:
    """`url`, where it is a web address that can be kept and followed; else nothing."""
    fits = len(url) <= LONGEST and url.isprintable()
    parts = taken_apart(url) if fits else NONE
    return url if parts.scheme in ("http", "https") and parts.netloc else ""
