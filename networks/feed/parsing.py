"""The library that knows the dialects of feeds, kept from what costs it more than in proportion to what it reads.

It looks for declarations with expressions that go back for each line, keeps each author and each category by comparing
it with all before, joins each address of a base to the one around it, and goes through all attributes for each
attribute and through all namespaces for each element. So it gets the feed from its first element on, in an encoding
that we chose, and only those elements, and as many attributes and namespaces, are told to it as we read.
"""

from __future__ import annotations

import io
import re
import xml.sax
from collections.abc import Iterable
from itertools import islice
from typing import Any
from xml.sax.xmlreader import AttributesNSImpl

from feedparser.api import LooseFeedParser, StrictFeedParser

from networks.encodings import known

FIRST_ELEMENT = re.compile(r"<\w")
DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})")
CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
LONGEST_BASE = LONGEST_ADDRESS = 2000
MOST_ATTRIBUTES = 50  # of one element
MOST_NAMESPACES = 50  # of one feed, besides those that the library knows
MOST_SPACES = 3  # pieces of white space that stand together and are kept
BASES = ("base", "xml:base")
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
WITHOUT_BOM = {b"<\x00?\x00": "utf-16-le", b"\x00<\x00?": "utf-16-be"}
# With what shields the titles and addresses of its own from being taken for the feed's.
READ = frozenset(
    {
        *(
            "rss",
            "channel",
            "feed",
            "item",
            "entry",
            "title",
            "dc_title",
            "link",
            "id",
            "guid",
            "language",
            "dc_language",
        ),
        *("description", "dc_description", "abstract", "summary", "itunes_summary", "subtitle"),
        *(
            "itunes_subtitle",
            "tagline",
            "info",
            "content",
            "content_encoded",
            "body",
            "xhtml_body",
            "fullitem",
            "source",
            "image",
        ),
        *(
            "textinput",
            "textInput",
            "pubdate",
            "published",
            "issued",
            "dcterms_issued",
            "updated",
            "modified",
            "dc_date",
        ),
        *("dcterms_modified", "lastbuilddate", "created", "dcterms_created"),
    }
)


@property  # type: ignore[misc]  # asked for by name, it says that it is not there
def _untold(_self: Any) -> Any:
    raise AttributeError


def _handlers(parser: type) -> Iterable[str]:
    return (name for name in dir(parser) if name.startswith(("_start_", "_end_")))


class _Thrifty:
    """Asks the library for what we read; everything else is an element that it does not know."""

    resolve_relative_uris = sanitize_html = False
    baseuri: str
    elementstack: list[Any]

    def unknown_starttag(self, tag: str, attrs: Any) -> Any:
        most = LONGEST_ADDRESS if len(self.baseuri) <= LONGEST_BASE else -1
        attrs = [(name, value) for name, value in attrs if len(value) <= most or name.lower() not in BASES]
        return super().unknown_starttag(tag, attrs)  # type: ignore[misc]  # a mix-in

    def resolve_uri(self, uri: str) -> str:
        """To join an address, what stands for its host is normalised, which costs the square of its accents."""
        return super().resolve_uri(uri) if len(uri) <= LONGEST_ADDRESS else ""  # type: ignore[misc]  # a mix-in

    def handle_data(self, text: str, escape: int = 1) -> None:
        if text.isspace() and self.elementstack:
            last = self.elementstack[-1][2][-MOST_SPACES:]
            if len(last) == MOST_SPACES and all(piece.isspace() for piece in last):
                return
        super().handle_data(text, escape)  # type: ignore[misc]  # a mix-in


class _ThriftyNames:
    """Of the reader that is strict: the other one looks at each once."""

    namespaces_in_use: dict[str, str]
    _matchnamespaces: dict[str, str]

    def startPrefixMapping(self, prefix: str | None, uri: str | None) -> None:  # noqa: N802  its own name
        if len(self.namespaces_in_use) < MOST_NAMESPACES or str(uri).lower() in self._matchnamespaces:
            super().startPrefixMapping(prefix, uri)  # type: ignore[misc]  # a mix-in

    def startElementNS(self, name: Any, qname: Any, attrs: AttributesNSImpl) -> None:  # noqa: N802  its own name
        if len(attrs) > MOST_ATTRIBUTES:
            first = list(islice(attrs.items(), MOST_ATTRIBUTES))
            attrs = AttributesNSImpl(dict(first), {key: attrs.getQNameByName(key) for key, _value in first})
        super().startElementNS(name, qname, attrs)  # type: ignore[misc]  # a mix-in


def _thrifty(parser: type, *more: type) -> type:
    untold = {name: _untold for name in _handlers(parser) if name.partition("_")[2].partition("_")[2] not in READ}
    return type(f"Thrifty{parser.__name__}", (*more, _Thrifty, parser), untold)


Strict, Loose = _thrifty(StrictFeedParser, _ThriftyNames), _thrifty(LooseFeedParser)


def parsed(body: bytes, content_type: str, url: str) -> Any:
    """What the library found: `feeddata`, `entries`, `version`. It calls nobody and resolves no entity of its own."""
    text = _from_first_element(decoded(body, content_type).replace("\x00", ""))
    content = text.encode(errors="replace")
    strict = Strict(url, None, "utf-8")
    reader = xml.sax.make_parser()  # noqa: S317  # no declaration of an entity gets this far
    reader.setFeature(xml.sax.handler.feature_namespaces, 1)
    reader.setFeature(xml.sax.handler.feature_external_ges, 0)
    reader.setContentHandler(strict)
    reader.setErrorHandler(strict)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(content))
    try:
        reader.parse(source)
    except xml.sax.SAXException:
        pass
    else:
        if not strict.bozo:
            return strict
    loose = Loose(url, None, "utf-8", {})
    loose.feed(content.decode())
    return loose


def decoded(body: bytes, content_type: str) -> str:
    """In the encoding that the bytes show, the server tells or the feed declares, whichever fits; else in UTF-8."""
    sure = next((name for mark, name in {**BOMS, **WITHOUT_BOM}.items() if body.startswith(mark)), "")
    told, declared = CHARSET.search(content_type), DECLARED.match(body)
    names = (sure, known(told[1]) if told else "", known(declared[1].decode("latin-1")) if declared else "")
    for name in (*filter(None, names), "utf-8", "cp1252"):
        try:
            return body.decode(name)
        except UnicodeError:
            continue
    return body.decode("utf-8", "replace")


def _from_first_element(text: str) -> str:
    """Without declarations and comments before it, which are gone through once."""
    at = 0
    while at < len(text):
        begins = text.find("<", at)
        if begins < 0:
            return ""
        if text.startswith("<!--", begins):
            over = text.find("-->", begins)
        elif text.startswith("<?", begins):
            over = text.find("?>", begins)
        elif text.startswith("<!", begins):
            over = text.find(">", begins)
        elif FIRST_ELEMENT.match(text, begins):
            return text[begins:]
        else:
            over = begins
        if over < 0:
            return ""
        at = over + 1
    return ""
