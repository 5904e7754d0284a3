"""Keeps secrets out of words that a person or a log will read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

SHORTEST = 4  # a shorter "secret" would blank out ordinary words
LONGEST = (
    10_000  # signs; nobody shows more of what a server says, and looking for tokens goes back for each that begins
)
BLANK = "[…]"
LOOKS_SECRET = re.compile(r"(?i)bearer\s+[^\s\"',]+|eyJ[\w-]+\.[\w-]+(\.[\w-]*)?")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without any of `secrets`, as they are or as an address or a form writes them, and without anything that
    has the shape of a token; its first `LONGEST` signs."""
    told = [secret for secret in secrets if len(secret) >= SHORTEST]
    written = {form for secret in told for form in (secret, quote(secret, safe=""), quote(secret), quote_plus(secret))}
    for form in sorted(written, key=len, reverse=True):
        text = text.replace(form, BLANK)
    return LOOKS_SECRET.sub(BLANK, text[:LONGEST])
