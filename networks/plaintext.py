"""The words of a stranger's HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from networks.markup import Closing, Opening, pieces

BLOCKS = frozenset({"p", "blockquote", "li", "pre", "div"})


@dataclass
class _Reader:
    left_out: str
    parts: list[str] = field(default_factory=list)
    _skipped: int = 0  # elements that stand open in the one that is left out, and itself
    _in_words: bool = False

    def open(self, piece: Opening) -> None:
        if self._skipped or (self.left_out and self.left_out in piece.classes):
            self._skipped += 1
        elif piece.name == "br":
            self.parts.append("\n")
        elif piece.name in BLOCKS and self._in_words:
            self._break()

    def close(self, piece: Closing) -> None:
        if self._skipped:
            self._skipped -= 1
        elif piece.name in BLOCKS:
            self._break()

    def say(self, words: str) -> None:
        if not self._skipped:
            self.parts.append(words)
            self._in_words = self._in_words or not words.isspace()

    def _break(self) -> None:
        self.parts.append("\n\n")
        self._in_words = False


def plain(html: str, *, left_out: str = "") -> str:
    """The words of `html`, with its line and paragraph breaks, but for elements whose class holds `left_out`."""
    reader = _Reader(left_out)
    for piece in pieces(html):
        if isinstance(piece, Opening):
            reader.open(piece)
        elif isinstance(piece, Closing):
            reader.close(piece)
        else:
            reader.say(piece)
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.parts)).strip()
