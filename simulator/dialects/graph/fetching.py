"""How Instagram gets what it is to show: it fetches the address that it is given. The square only fetches from here."""

from __future__ import annotations

import ipaddress
import urllib.request
from typing import Any
from urllib.parse import urlsplit

MOST_BYTES = 20_000_000
SECONDS = 10


class CannotFetch(Exception):
    """Not an address on this machine, or nothing came from it."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect could lead off this machine."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())


def fetched(url: str) -> bytes:
    """What is at `url`; CannotFetch where that is off this machine, too large, or nothing."""
    if not _is_here(url):
        raise CannotFetch(url)
    try:
        with OPENER.open(url, timeout=SECONDS) as answer:
            content = bytes(answer.read(MOST_BYTES + 1))
    except (OSError, ValueError) as error:
        raise CannotFetch(url) from error
    if not content or len(content) > MOST_BYTES:
        raise CannotFetch(url)
    return content


def _is_here(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return url.startswith(("http://localhost:", "http://localhost/"))
