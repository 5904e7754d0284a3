"""A stranger's HTML, read once from its beginning to its end, and never as a tree.

Building the tree that a browser would build takes time with the square of the depth, or worse: it moves and repeats
elements. Who wants only the words needs no more than which elements stand open. What comes out is text, never HTML.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from networks.allowance import Allowance

STEPS_A_CHARACTER = 2.0  # what the worst page takes is less than one and a half: an opening and a closing of each tag

NAME = re.compile(r"[a-zA-Z][^\s/>]*")
ATTRIBUTE = re.compile(r"[\s/]*([^\s/>][^\s/>=]*)(\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>][^\s>]*)?))?")
QUOTES = ('"', "'")
TAG_ENDS = re.compile(r"[\s/]*>")
COMMENT_ENDS = re.compile(r"--!?>")
# What stands in these is no markup, up to their own end tag.
RAW = frozenset({"script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp", "noscript"})
RAW_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII) for name in RAW}
VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"),
        *("wbr", "body", "head", "html"),
    }
)
OF_ANY, OF_META = frozenset({"class"}), frozenset({"property", "name", "content"})
# An open paragraph ends where one of these begins.
BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figcaption", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "menu", "nav", "ol", "p"),
        *("pre", "section", "table", "ul"),
    }
)
# Python reads no decimal number of more than some thousand figures, and no sign has one of more than seven.
LONG_NUMBER = re.compile(r"&#(?:0*[1-9][0-9]{7,}|[xX]0*[1-9a-fA-F][0-9a-fA-F]{6,}|0{8,}[0-9]*|[xX]0{8,}[0-9a-fA-F]*);?")


@dataclass(frozen=True, slots=True)
class Opening:
    """`classes` is the attribute as it is written; `said` what a `meta` says of its page, by its attributes."""

    name: str
    classes: str = ""
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closing:
    name: str


Piece = str | Opening | Closing


def unescaped(words: str) -> str:
    """`words` with the signs that references stand for; one that stands for no sign becomes the mark of a lost one."""
    return html.unescape(LONG_NUMBER.sub("\ufffd", words))


def pieces(source: str, allowance: Allowance | None = None) -> Iterator[Piece]:
    """The words and elements of `source` in their order, well nested, whatever was written.

    What is never words (scripts, styles, comments) is left out. `Exhausted` where `allowance` does not do: by itself it
    is what the length of `source` is worth, which every page keeps within.
    """
    allowance = allowance or Allowance.of(len(source), steps=STEPS_A_CHARACTER)
    nest = _Nest(allowance)
    for piece in _tokens(source.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""), allowance):
        if isinstance(piece, Opening):
            yield from nest.open(piece)
        elif isinstance(piece, Closing):
            yield from nest.close(piece.name)
        else:
            yield piece
    yield from nest.close_all()


class _Nest:
    """Which elements stand open. Each is put there once and taken away once."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._open: list[str] = []
        self._count: Counter[str] = Counter()

    def open(self, piece: Opening) -> Iterator[Piece]:
        if piece.name in BLOCKS and self._open and self._open[-1] == "p":
            yield from self.close("p")
        yield piece
        if piece.name in VOID:
            yield Closing(piece.name)
        else:
            self._open.append(piece.name)
            self._count[piece.name] += 1

    def close(self, name: str) -> Iterator[Piece]:
        """With everything that was opened in it; nothing where no such element stands open."""
        while self._count[name]:
            yield self._pop()
            if self.popped == name:
                return

    def close_all(self) -> Iterator[Piece]:
        while self._open:
            yield self._pop()

    def _pop(self) -> Closing:
        self._allowance.spend()
        self.popped = self._open.pop()
        self._count[self.popped] -= 1
        return Closing(self.popped)


def _tokens(source: str, allowance: Allowance) -> Iterator[Piece]:
    """Every turn goes on behind where the last one ended, and nothing is looked at again."""
    at = 0
    while at < len(source):
        allowance.spend()
        begins = source.find("<", at)
        if begins < 0:
            yield unescaped(source[at:])
            return
        if begins > at:
            yield unescaped(source[at:begins])
        piece, at = _markup(source, begins, allowance)
        if piece is not None:
            yield piece
            if isinstance(piece, Opening) and piece.name in RAW:
                ends = RAW_ENDS[piece.name].search(source, at)
                at = ends.start() if ends else len(source)


def _markup(source: str, at: int, allowance: Allowance) -> tuple[Piece | None, int]:
    """What begins with the `<` at `at`, None for what says nothing; and where to go on."""
    if source.startswith("<!--", at):
        if source.startswith((">", "->"), at + 4):
            return None, source.index(">", at) + 1
        ends = COMMENT_ENDS.search(source, at + 4)
        return None, ends.end() if ends else len(source)
    closing = source.startswith("</", at)
    name = NAME.match(source, at + 1 + closing)
    if name is None:
        if source.startswith(("<!", "<?", "</"), at):
            over = source.find(">", at)
            return None, over + 1 if over >= 0 else len(source)
        return "<", at + 1
    said = name.group().lower()
    told, at = _attributes(source, name.end(), allowance, OF_META if said == "meta" else OF_ANY)
    if closing:
        return Closing(said), at
    return (Opening(said, said=told) if said == "meta" else Opening(said, told.get("class", ""))), at


def _attributes(source: str, at: int, allowance: Allowance, wanted: frozenset[str]) -> tuple[dict[str, str], int]:
    """Those that are `wanted`, and where the tag ends: with the source where nothing ends it."""
    told: dict[str, str] = {}
    while not (ends := TAG_ENDS.match(source, at)):
        allowance.spend()
        found = ATTRIBUTE.match(source, at)
        if found is None or (found[2] and found[3] is found[4] is found[5] and source.startswith(QUOTES, found.end())):
            return {}, len(source)  # nothing follows, or a quotation that never ends
        name = found[1].lower()
        if name in wanted and not told.get(name):
            told[name] = unescaped(found[3] or found[4] or found[5] or "")
        at = found.end()
    return told, ends.end()
