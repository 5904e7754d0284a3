"""From the bytes of a web page to what a reader reads on it, line by line."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from networks import apart
from networks.egress import Answer
from networks.encodings import known
from networks.errors import Invalid
from networks.markup import Closing, Opening, pieces, unescaped

PAGES = ("text/html", "application/xhtml+xml", "text/plain")
MOST_LINES = 1000
LONGEST_LINE = 1000
LONGEST_TITLE = 300

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = HEADINGS | {
    *("address", "article", "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure"),
    *("li", "main", "ol", "p", "pre", "section", "summary", "table", "td", "th", "tr", "ul", "br", "hr"),
}
# Around what a page says: menus and the like.
AROUND = {"nav", "aside", "header", "footer"}
UNREAD = {"script", "style", "noscript", "template", "svg", "iframe", "object", "select", "button", "textarea", "title"}
TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,2000})</title", re.IGNORECASE)
CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE)
HEAD = 4096  # bytes in which a page tells its encoding

# What makes a page never twice the same: the time with seconds, and long tokens.
CLOCK = re.compile(r"\b\d{1,2}:\d{2}:\d{2}\b")
TOKEN = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w{16,}\b")


@dataclass(frozen=True, slots=True)
class Reading:
    title: str
    lines: tuple[str, ...]


def read_page(answer: Answer) -> Reading:
    """The main part of the page where it marks one, else all of it without menus; `Invalid` where it holds no text."""
    mime = answer.header("content-type").partition(";")[0].strip().lower()
    if mime and mime not in PAGES:
        raise Invalid("url", "no page")
    html = decoded(answer)
    if mime == "text/plain":
        title, text = "", html
    else:
        title, text = title_of(html), _readable(html)
    lines = [line for one in text.split("\n") if (line := " ".join(one.split())[:LONGEST_LINE])]
    if not lines:
        raise Invalid("url", "no text")
    return Reading(title, tuple(lines[:MOST_LINES]))


def read_apart(answer: Answer) -> Reading:
    """As `read_page`, in a process that may be killed."""
    told = apart.read(_page_facts, replace(answer, secrets=()))
    return Reading(str(told["title"]), tuple(map(str, told["lines"])))


def _page_facts(answer: Answer) -> apart.Told:
    page = read_page(answer)
    return {"title": page.title, "lines": page.lines}


def comparable(line: str) -> str:
    """The line as it is compared with its like of an earlier reading."""
    return TOKEN.sub("", CLOCK.sub("", line))


def decoded(answer: Answer) -> str:
    """In the encoding that the server tells, else the page, else UTF-8."""
    body = answer.body
    if body.startswith(codecs.BOM_UTF8):
        return body.decode("utf-8-sig", "replace")
    for told in (answer.header("content-type"), body[:HEAD].decode("latin-1")):
        found = CHARSET.search(told)
        if found and (name := known(found.group(1))):
            return body.decode(name, "replace").replace("\x00", "")
    return body.decode("utf-8", "replace").replace("\x00", "")


def title_of(html: str) -> str:
    """What the page is called in its head; empty where it is not."""
    found = TITLE.search(html[:200_000])
    return " ".join(unescaped(found.group(1)).split())[:LONGEST_TITLE] if found else ""


def _readable(html: str) -> str:
    reader = _Reader()
    for piece in pieces(html):
        if isinstance(piece, Opening):
            reader.open(piece.name)
        elif isinstance(piece, Closing):
            reader.close(piece.name)
        else:
            reader.say(piece)
    main = "".join(reader.main)
    return main if main.strip() else "".join(reader.everything)


class _Reader:
    def __init__(self) -> None:
        self.everything: list[str] = []
        self.main: list[str] = []
        self._inside = 0
        self._around = 0
        self._as_written = 0
        self._unread = 0

    def open(self, tag: str) -> None:
        self._unread += tag in UNREAD
        self._inside += tag == "main"
        self._as_written += tag == "pre"
        self._around += self._leads_away(tag)
        if tag in BLOCKS:
            self._say("\n")

    def close(self, tag: str) -> None:
        if tag in BLOCKS:
            self._say("\n")
        self._around -= self._leads_away(tag)
        self._as_written -= tag == "pre"
        self._inside -= tag == "main"
        self._unread -= tag in UNREAD

    def say(self, words: str) -> None:
        if not self._around and not self._unread:
            self._say(words if self._as_written else words.replace("\n", " "))

    def _leads_away(self, tag: str) -> bool:
        """The header and the footer of the main part, unlike the page's own, are read."""
        return tag in AROUND and not (self._inside and tag in ("header", "footer"))

    def _say(self, words: str) -> None:
        self.everything.append(words)
        if self._inside:
            self.main.append(words)
