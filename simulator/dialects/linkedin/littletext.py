"""The notation inside a post's text. What is reserved and neither escaped nor part of an element ends the text there:
the network says nothing, and the rest is gone."""

from __future__ import annotations

import re

RESERVED = "\\|{}@[]()<>#*_~"
ESCAPED = re.compile(r"\\(.)")
ELEMENT = re.compile(
    r"""@\[(?P<name>(?:\\.|[^\]\\])*)\]\(urn:li:(?:person|organization):[^)\s]+\)
      | \{hashtag\|\\?[#＃]\|(?P<template>(?:\\.|[^}|\\])+)\}
      | (?P<hashtag>\#\w+)""",
    re.VERBOSE,
)


def read(commentary: str) -> str:
    """The plain words, up to the first reserved character that means nothing."""
    shown: list[str] = []
    place = 0
    while place < len(commentary):
        sign = commentary[place]
        found = ELEMENT.match(commentary, place)
        if sign == "\\" and place + 1 < len(commentary) and commentary[place + 1] in RESERVED:
            shown.append(commentary[place + 1])
            place += 2
        elif found:
            shown.append(_word(found))
            place = found.end()
        elif sign in RESERVED:
            break
        else:
            shown.append(sign)
            place += 1
    return "".join(shown)


def _word(found: re.Match[str]) -> str:
    inside = found["name"] if found["name"] is not None else found["template"]
    if inside is None:
        return found["hashtag"]
    return ("@" if found["name"] is not None else "#") + ESCAPED.sub(r"\1", inside)


def written(text: str) -> str:
    """Plain words as the API tells them: everything reserved escaped."""
    return "".join(f"\\{sign}" if sign in RESERVED else sign for sign in text)
