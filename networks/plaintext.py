"""The words of a stranger's HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

# What carries words or breaks between them; the rest is dropped by nh3, and scripts with all that is in them.
TAGS = {"a", "blockquote", "br", "div", "em", "li", "ol", "p", "pre", "span", "strong", "ul"}
BLOCKS = ("p", "blockquote", "li", "pre", "div")

# Reading takes time with the square of the depth. Elements that end by themselves nest nothing.
DEEPEST = 3000
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
END_THEMSELVES = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"),
    *("body", "colgroup", "dd", "dt", "head", "html", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"),
}


class _Reader(HTMLParser):
    def __init__(self, left_out: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._left_out = left_out
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped or (self._left_out and self._left_out in (dict(attrs).get("class") or "")):
            if tag != "br":
                self._skipped.append(tag)
        elif tag == "br":
            self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" and not self._skipped:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag in self._skipped:
                del self._skipped[self._skipped.index(tag) :]
        elif tag in BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(data)


def plain(html: str, *, left_out: str = "") -> str:
    """The words of `html`, with its line and paragraph breaks, but for elements whose class holds `left_out`."""
    reader = _Reader(left_out)
    reader.feed(nh3.clean(html, tags=TAGS, attributes={"*": {"class"}}, link_rel=None))
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.parts)).strip()


def is_too_deep(html: str) -> bool:
    """Whether `html` opens so many elements without closing them that reading it would be an attack on us."""
    still_open: list[str] = []
    for closing, tag in TAG.findall(html):
        name = tag.lower()
        if name in END_THEMSELVES:
            continue
        if not closing:
            still_open.append(name)
        elif still_open and still_open[-1] == name:  # an end out of order may end nothing
            still_open.pop()
        if len(still_open) > DEEPEST:
            return True
    return False
