"""Addresses that strangers and networks write: taken apart without trust that they are any."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

NONE = SplitResult("", "", "", "", "")
LONGEST = 500


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


def kept_address(url: str) -> str:
    """`url`, where it is a web address that can be kept and followed; else nothing."""
    fits = len(url) <= LONGEST and url.isprintable()
    parts = taken_apart(url) if fits else NONE
    return url if parts.scheme in ("http", "https") and parts.netloc else ""
