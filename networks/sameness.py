"""Whether two texts are one, whatever a network made of their signs and white space, at a cost in proportion to them.

Unicode's own normal forms sort the marks on a sign. The library sorts them by pairs, so that a long run of marks takes
time with its square: a hundred thousand of them take eight seconds. Who writes on a network decides how long a run is.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import Literal

PIECE = 100  # signs that are taken apart at once


def apart(text: str, form: Literal["NFD", "NFKD"]) -> str:
    """`text` with every sign in its parts, the marks on each in the standard's order."""
    told = "".join(unicodedata.normalize(form, text[at : at + PIECE]) for at in range(0, len(text), PIECE))
    runs = groupby(told, key=lambda sign: unicodedata.combining(sign) > 0)
    return "".join("".join(sorted(run, key=unicodedata.combining) if marks else run) for marks, run in runs)


def composed(text: str) -> str:
    """`text` in the form NFC. Where the marks are in their order already, the library has nothing to sort."""
    return text if text.isascii() else unicodedata.normalize("NFC", apart(text, "NFD"))


def same_words(ours: str, theirs: str) -> bool:
    """Whether what we sent and what is read back are one text, whatever became of its white space."""
    return comparable(ours) == comparable(theirs)


def comparable(text: str) -> str:
    return " ".join(composed(text).split())
