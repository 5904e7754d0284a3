"""How long a text is to X: its configuration 3, in which most of the world's signs weigh double.

The browser's counter does the same sums (`static/src/js/weighing.js`); X's own conformance cases hold both.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import regex

from networks.sameness import composed
from networks.x.addresses import addresses

SCALE = 100
HEAVY = 200
LIGHT = 100
URL = 23 * SCALE
# First and last code point of what weighs little: Latin to Georgian, and the punctuation of western print.
LIGHT_RANGES = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
STARTS = [start for start, _ in LIGHT_RANGES]
FORBIDDEN = frozenset("\ufffe\ufeff\uffff")

# A sign that is a picture by itself, or made one by the selector after it; joined ones are one picture.
PICTURE = (
    r"(?:(?![#*0-9])\p{Emoji}\p{Emoji_Modifier}|\p{Emoji_Presentation}\uFE0F?|(?![#*0-9])\p{Emoji}\uFE0F"
    r"|(?![#*0-9\u00A9\u00AE])\p{Emoji}(?!\uFE0E))"
)
EMOJI = regex.compile(
    r"[#*0-9]\uFE0F?\u20E3|\p{Regional_Indicator}{2}|\U0001F3F4[\U000E0020-\U000E007E]+\U000E007F"
    rf"|{PICTURE}(?:\u200D{PICTURE})*"
)


def weighted_length(text: str) -> int:
    """Length as X counts it, in whole characters: half ones are dropped, as X drops them."""
    return sum(weight for _, weight in pieces(text)) // SCALE


def forbidden(text: str) -> bool:
    """Whether `text` holds one of the code points that X takes in no text at all."""
    return not FORBIDDEN.isdisjoint(text)


def pieces(text: str, *, pictures_weigh_alike: bool = True) -> Iterator[tuple[str, int]]:
    """What X weighs as one thing (an address, an emoji, a sign) of the normalised text, with its weight in hundredths.

    Without `pictures_weigh_alike` an emoji weighs as much as the signs that it is made of, as in X's configuration 2.
    """
    text = composed(text)
    urls = dict(addresses(text))
    at = 0
    while at < len(text):
        if at in urls:
            end, weight = urls[at], URL
        elif pictures_weigh_alike and (emoji := EMOJI.match(text, at)):
            end, weight = emoji.end(), HEAVY
        else:
            end, weight = at + 1, _weight(ord(text[at]))
        yield text[at:end], weight
        at = end


def _weight(code: int) -> int:
    _, last = LIGHT_RANGES[bisect_right(STARTS, code) - 1]
    return LIGHT if code <= last else HEAVY
