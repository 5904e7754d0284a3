"""What people write, as it is kept: one way of writing each text, whichever page, program or file it came through.

Line ends are one sign, accents are put together with their letters, a mark of byte order is dropped, and a text of
which nobody would see anything is empty. Words of citizens and of networks are kept as they came.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any

_BYTE_ORDER = "\ufeff"
# Letters and marks that look like nothing: fillers, an empty braille cell, what chooses the look of another sign.
_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


def plain(text: str) -> str:
    """`text` as it is kept."""
    if text.isascii() and "\r" not in text:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(_BYTE_ORDER, "")
    text = unicodedata.normalize("NFC", text)
    return text if any(unicodedata.category(sign) not in _UNSEEN for sign in _FILLERS.sub("", text)) else ""


def all_plain(value: Any) -> Any:
    """`value` with every text in it `plain`: in lists, in the values of mappings, in the facts of dataclasses."""
    if isinstance(value, str):
        return plain(value) if type(value) is str else value  # a choice of an enum is no text
    if type(value) in (list, tuple):
        return type(value)(all_plain(one) for one in value)
    if type(value) is dict:
        return {key: all_plain(one) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        told = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        changed = {name: new for name, old in told.items() if (new := all_plain(old)) != old}
        return replace(value, **changed) if changed else value
    return value
