"""Keeps secrets out of words that a person or a log will read."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 4  # a shorter "secret" would blank out ordinary words
BLANK = "[…]"
LOOKS_SECRET = re.compile(r"(?i)bearer\s+[^\s\"',]+|eyJ[\w-]+\.[\w-]+(\.[\w-]*)?")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without any of `secrets`, and without anything that has the shape of a token."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, BLANK)
    return LOOKS_SECRET.sub(BLANK, text)
