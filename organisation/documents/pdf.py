"""A document as PDF/UA-1: tagged, in its language, with its fonts, so that a screen reader reads it in order."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import typst

from organisation.documents.content import Document

TEMPLATE = Path(__file__).parent / "document.typ"

# Signs for which the fonts at hand have no picture, as they were met: a PDF/UA says no to a sign that cannot be seen.
_UNSEEN: set[str] = set()
_REFUSED = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_MOST_REFUSALS = 200


def as_pdf(document: Document) -> bytes:
    """What somebody wrote comes in as data and is never read as Typst; nothing outside this folder can be read.

    A sign that no font here can show stands as its number: "[U+1F600]".
    """
    for _try in range(_MOST_REFUSALS):
        try:
            return _compile(json.dumps(_shown(document.as_data())))
        except typst.TypstError as refused:
            met = set("".join(_REFUSED.findall(str(refused)))) - _UNSEEN
            if not met:
                raise
            _UNSEEN.update(met)
    raise ValueError("a document with more unknown signs than a language has")


def _compile(told: str) -> bytes:
    made = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        sys_inputs={"document": told},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    return made


def _shown(told: object) -> object:
    if isinstance(told, str):
        return "".join(_sign(one) for one in told)
    if isinstance(told, dict):
        return {name: _shown(one) for name, one in told.items()}
    if isinstance(told, list | tuple):
        return [_shown(one) for one in told]
    return told


def _sign(sign: str) -> str:
    """Signs that are not seen, wide ones, and those that run from the right are in no font here."""
    if sign in "\n\u00a0\u202f":
        return sign
    unseen = unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") or sign in _UNSEEN
    foreign = unicodedata.east_asian_width(sign) in "WF" or unicodedata.bidirectional(sign) in ("R", "AL", "AN")
    return f"[U+{ord(sign):04X}]" if unseen or foreign else sign
