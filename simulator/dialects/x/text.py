"""How X counts a text and gives it back: its addresses shortened, its signs written as in HTML."""

from __future__ import annotations

import html
import unicodedata
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from simulator.store.posts import MENTION, URL

MAX_WEIGHT = 280
ADDRESS_WEIGHT = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
JOINER, SELECTOR, KEY = "\u200d", "\ufe0f", "\u20e3"
FLAGS = ("\U0001f1e6", "\U0001f1ff")
SKINS = ("\U0001f3fb", "\U0001f3ff")
TAGS = ("\U000e0020", "\U000e007f")
SHOWN = 30


def weight(text: str) -> int:
    """The weighted length; a picture made of several signs counts once."""
    text = unicodedata.normalize("NFC", text)
    addresses = len(URL.findall(text))
    half_flag = joined = False
    total = addresses * ADDRESS_WEIGHT
    for sign in URL.sub("", text):
        is_flag = FLAGS[0] <= sign <= FLAGS[1]
        belongs = sign in (JOINER, SELECTOR, KEY) or SKINS[0] <= sign <= SKINS[1] or TAGS[0] <= sign <= TAGS[1]
        if not belongs and not joined and not (is_flag and half_flag):
            total += 1 if any(first <= ord(sign) <= last for first, last in LIGHT) else 2
        joined = sign == JOINER
        half_flag = is_flag and not half_flag
    return total


@dataclass(frozen=True, slots=True)
class Short:
    """One address of a text: what X puts in its place, and where it leads. `medium` is the key of what it shows."""

    url: str
    expanded: str
    medium: str = ""

    @property
    def entity(self) -> dict[str, Any]:
        parts = urlsplit(self.expanded)
        display = self.expanded.removeprefix(f"{parts.scheme}://")
        shown = display if len(display) <= SHOWN else display[: SHOWN - 1] + "…"
        told = {"url": self.url, "expanded_url": self.expanded, "display_url": shown}
        return told | ({"media_key": self.medium} if self.medium else {})


def shorten(text: str) -> tuple[str, list[Short]]:
    """`text` with its addresses shortened, and what they were."""
    found: list[Short] = []

    def short(address: str) -> str:
        found.append(Short(short_address(address), address))
        return found[-1].url

    return URL.sub(lambda match: short(match[0]), text), found


def short_address(address: str) -> str:
    return f"https://t.co/{zlib.crc32(address.encode()):08x}{len(address) % 100:02d}"


def written(text: str) -> str:
    """As X's answers write it."""
    return html.escape(text, quote=False)


def mentions(text: str) -> list[tuple[int, int, str]]:
    """Where who is named: start, end, handle."""
    return [(found.start(), found.end(), found[1]) for found in MENTION.finditer(text)]
