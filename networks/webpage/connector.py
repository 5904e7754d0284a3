"""A web page behind the port: each change of its text is one message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from networks.folding import holds
from networks.source import Memory, Source, digest
from networks.types import Author, Incoming, Kind, Page, PostRef
from networks.webpage.reading import comparable, read_apart

ACCEPT = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.8, */*;q=0.5"
MOST_BYTES = 2_000_000
LONGEST_TEXT = 20_000


class WebPageConnector(Source):
    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        """The page as it stands at the first reading; later, the lines that were not there before.

        Nothing where the same is said, whatever the bytes. A change that only takes lines away is a message without
        text. With a `query`, a change counts where its lines hold the words.
        """
        memory = Memory.read(since)
        answer = self._fetch_changed(self.account.base_url, ACCEPT, memory, MOST_BYTES)
        if answer is None or older:
            return Page((), newest=since)
        reading = read_apart(answer)
        lines = {digest(comparable(line)): line for line in reading.lines}
        known = replace(memory.of(answer), seen=dict.fromkeys(lines, ""))
        if memory.seen.keys() == lines.keys():
            return Page((), newest=known.told())
        new = "\n".join(line for name, line in lines.items() if name not in memory.seen)
        known = replace(known, turn=memory.turn + 1)
        items = (self._incoming(reading.title, new, known),) if holds(new, query) else ()
        return Page(items, newest=known.told())

    def _incoming(self, title: str, new: str, known: Memory) -> Incoming:
        """Named by its turn too: a page that goes back to what it said says it anew."""
        url = self.account.base_url
        title = title or urlsplit(url).netloc
        return Incoming(
            ref=PostRef(f"{known.turn}-{digest(*known.seen)}", url),
            kind=Kind.SEARCH_HIT,
            author=Author(id=url, handle=title, name=title, url=url),
            text=new[:LONGEST_TEXT],
            created_at=datetime.now(UTC),
            title=title,
        )
