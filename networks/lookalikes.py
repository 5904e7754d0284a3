"""Names that pass for others: a letter more or less, or signs of which people cannot tell one from the other.

The table is our own and small: what is taken for a Latin letter or a digit on a screen, from the alphabets in which
names on social networks are written (Unicode's own list has thousands, most of them of scripts that no handle holds).
It does not see a name that is only meant alike ("tax-help"), nor a picture.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

NEAR = 2  # signs by which a name may differ and still pass for another
SHORT = 5  # under so many signs one sign makes another name more easily: there it is one
SHORTEST = 3  # under so many a name is told from others by all its signs
LONGEST = 150  # signs of a name that are compared

# What is read as the letter before it, as `bare` leaves it; digits too, for what they are taken for in a name.
_READ_AS = {
    "a": "аɑα",
    "b": "ьƅ",
    "c": "с",
    "d": "ԁɗ",
    "e": "еєҽ3℮",
    "f": "ƒ",
    "g": "ɡց9",
    "h": "һհ",
    "j": "јϳ",
    "k": "кκ",
    "l": "1i|ıіӏɩιǀ!",
    "m": "м",
    "n": "ոпη",
    "o": "0оοօσ",
    "p": "рρ",
    "q": "ԛզ",
    "r": "гⲅ",
    "s": "5ѕꜱ$",
    "t": "тτ7",
    "u": "υսʋц",
    "v": "νѵ",
    "w": "ԝѡɯ",
    "x": "хχ",
    "y": "уүγ",
    "z": "ᴢ2",
}
_SIGNS = {ord(sign): letter for letter, signs in _READ_AS.items() for sign in signs}
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_BETWEEN = re.compile(r"[\s._\-·'’]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """`name` is passed for, by signs that look alike (`by_signs`) or by being `distance` signs away."""

    name: str
    distance: int
    by_signs: bool


def bare(name: str) -> str:
    """`name` as people type it from memory: small, without accents and what stands between its parts."""
    text = unicodedata.normalize("NFKD", name[:LONGEST].strip().lstrip("@"))
    told = "".join(one for one in text if unicodedata.category(one) not in ("Mn", "Cf"))
    return _BETWEEN.sub("", told).casefold()


def skeleton(name: str) -> str:
    """`name` as the eye reads it: two of which people cannot tell one from the other have the same."""
    told = bare(name).translate(_SIGNS)
    for pair, one in _PAIRS:
        told = told.replace(pair, one)
    return told


def distance(one: str, other: str, most: int = NEAR) -> int:
    """How many signs have to be changed, put in or left out (Levenshtein); `most` + 1 where it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, theirs in enumerate(other, 1):
            cost = min(row[place] + 1, row[place - 1] + 1, before + (sign != theirs))
            before, row[place] = row[place], cost
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def likeness(name: str, ours: Iterable[str]) -> Likeness | None:
    """For which of `ours` `name` passes, the nearest first; None where it passes for none."""
    found = [like for own in ours for said in _spellings(name) if (like := _like(said, own))]
    return min(found, key=lambda like: (like.distance, like.name), default=None)


def _spellings(name: str) -> list[str]:
    """A name that is a host ("name.network.example") also without what is the network's."""
    parts = name.strip().lstrip("@").split(".")
    return [name, parts[0]] if len(parts) > 2 else [name]


def _like(said: str, own: str) -> Likeness | None:
    typed, ours = bare(said), bare(own)
    if not typed or not ours:
        return None
    apart = distance(typed, ours)
    if apart and skeleton(said) == skeleton(own):
        return Likeness(own, apart, by_signs=True)
    shorter = min(len(typed), len(ours))
    near = 0 if shorter < SHORTEST else 1 if shorter < SHORT else NEAR
    return Likeness(own, apart, by_signs=False) if apart <= near else None
