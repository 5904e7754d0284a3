"""Signs that nobody sees. A stranger's words are shown with all that is in them, so that none of it deceives.

Some turn the direction of what follows, some hide words within others. Where a script or an emoji needs one of them,
it stays as it is; everywhere else it is shown by its number.
"""

from __future__ import annotations

import re
import unicodedata

MOST, MARK = 50, "‹…›"  # signs of a text that are shown by their number; what stands for each of the others
OPEN, CLOSE = "\u2068", "\u2069"  # what is between them has a direction of its own

# What looks like nothing: controls, directions, joiners, tags, fillers and selectors.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")  # of a part of a country
MARKS = "\u200e\u200f\u061c"
JOINER, APART = "\u200d", "\u200c"
# Scripts that write with joiners: Arabic and its kin, those of India and its neighbours, Mongolian.
JOINING = (
    (0x0600, 0x08FF),
    (0x0900, 0x0DFF),
    (0x0F00, 0x109F),
    (0x1780, 0x18AF),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFC),
    (0x10A60, 0x11FFF),
)


def found(words: str) -> list[tuple[int, int, str]]:
    """Where in `words` signs stand that are to be shown, (start, end), and what is shown there: a sign by its number.

    Who writes decides how many there are. Signs of one kind that follow each other are shown once, with how many they
    are; behind the first `MOST` each is a mark alone.
    """
    runs: list[tuple[int, int, str]] = []
    for at, sign in _hidden(words):
        if runs and runs[-1][1] == at and runs[-1][2] == sign:
            runs[-1] = runs[-1][0], at + 1, sign
        else:
            runs.append((at, at + 1, sign))
    return runs


def _hidden(words: str) -> list[tuple[int, str]]:
    flags = {at for one in FLAG.finditer(words) for at in range(*one.span())}
    places = ((one.start(), one.group()) for one in INVISIBLE.finditer(words))
    return [(at, sign) for at, sign in places if at not in flags and not _belongs(words, at, sign)]


def told(sign: str, times: int = 1) -> str:
    """The sign by its number, and how often it follows itself: "‹U+202E›", "‹U+202E ×3›"."""
    return f"‹U+{ord(sign):04X}›" if times == 1 else f"‹U+{ord(sign):04X} ×{times}›"


def name(sign: str) -> str:
    """Its name in the standard, which has no language; its number where it has none."""
    return unicodedata.name(sign, f"U+{ord(sign):04X}")


def shown(words: str) -> str:
    """`words` with every sign that nobody sees by its number."""
    parts, last = [], 0
    for number, (start, end, sign) in enumerate(found(words)):
        parts += [words[last:start], told(sign, end - start) if number < MOST else MARK]
        last = end
    return "".join([*parts, words[last:]])


def isolated(words: str) -> str:
    """`words` for the midst of a sentence of ours, where no element can be: their direction ends with them."""
    return f"{OPEN}{shown(words)}{CLOSE}"


def _belongs(words: str, at: int, sign: str) -> bool:
    """Whether what stands around `sign` needs it."""
    before, after = words[at - 1 : at], words[at + 1 : at + 2]
    if sign == JOINER:
        return (_is_picture(before) and _is_picture(after)) or (_joins(before) and (_joins(after) or not after.strip()))
    if sign == APART:
        return _joins(before) and _joins(after)
    if sign in MARKS:
        return _is_right_to_left(before) or _is_right_to_left(after)
    if "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef":
        return bool(before.strip()) and not INVISIBLE.match(before)
    return False


def _is_picture(sign: str) -> bool:
    """An emoji, or what changes its look."""
    return bool(sign) and (unicodedata.category(sign) in ("So", "Sk") or sign == "\ufe0f" or sign in "♀♂⚕⚖✈❤➡↔↕⬛🟩")


def _joins(sign: str) -> bool:
    return bool(sign) and any(first <= ord(sign) <= last for first, last in JOINING)


def _is_right_to_left(sign: str) -> bool:
    return bool(sign) and unicodedata.bidirectional(sign) in ("R", "AL")
