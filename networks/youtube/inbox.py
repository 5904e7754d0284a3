"""What is said to a channel: threads, the newest first, and below each the answers that did not come along with it.

Each further look into a thread costs one of the day's 10,000 units, as publishing does. So a reading looks into those
threads alone in which something is told to have changed, and into no more than it may spend; the others come first at
the next one. A look back looks into all of them: a count tells late, and nothing of an answer given for one taken away.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from networks.answers import list_of, parts_of
from networks.calls import each_readable
from networks.errors import Gone, Invalid
from networks.facts import inner
from networks.paging import MergedCursor, Slice, closed, opened
from networks.threads import SAID_WITHIN
from networks.types import Page
from networks.youtube import reading

Json = Mapping[str, Any]

PAGE = 100
# Every ten minutes so many, and the list itself: less than 6,000 units a day, so that publishing has the rest.
LOOKS_A_READING = 40
THREADS = "threads"


@dataclass(frozen=True, slots=True)
class Mark:
    """`at`: the newest thing seen. `seen`: how each thread stood when it was looked into; `waits`: which were to be and
    were not. A mark that is an instant alone is one of an older release, or a look back's."""

    at: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    waits: tuple[str, ...] = ()
    looks_back: bool = False

    @classmethod
    def read(cls, written: str) -> Mark:
        if not written.startswith("{"):
            return cls(written, looks_back=bool(written))
        try:
            told = json.loads(written)
            return cls(str(told["at"]), dict(told["seen"]), tuple(told["waits"]), bool(told.get("back")))
        except (ValueError, KeyError, TypeError):
            raise Invalid("since", "not a mark of ours") from None

    def __str__(self) -> str:
        if not self.at and not self.seen:
            return ""
        told = {"at": self.at, "seen": dict(self.seen), "waits": list(self.waits)}
        return json.dumps(told | ({"back": True} if self.looks_back else {}), separators=(",", ":"))


@dataclass(slots=True)
class Inbox:
    """`me` is the channel; `now` the moment before which nothing is younger."""

    api: Any
    me: str
    base_url: str
    now: Callable[[], datetime]

    def page(self, since: str, older: str) -> Page:
        told = opened(older) if older else ["", ""]
        if not (isinstance(told, list) and len(told) == 2 and all(isinstance(one, str) for one in told)):
            raise Invalid("older", "not a page token")
        mark = Mark.read(told[0] if older else since)
        walk = MergedCursor.begin(mark.at, told[1], {THREADS: ""})
        marks = [mark]
        reach = None if walk.floor is None or mark.looks_back else self.now() - SAID_WITHIN

        def read(lane: str, cursor: str) -> Slice:
            if lane == THREADS:
                return self._lanes(marks, cursor, first=not older)
            return self._answers(lane, cursor, reach)

        page = walk.page(read)
        mark = replace(marks[-1], at=page.newest)
        return replace(
            page,
            older=closed([str(mark), page.older]) if page.older else "",
            newest=str(replace(mark, looks_back=False)),
        )

    def _lanes(self, marks: list[Mark], cursor: str, *, first: bool) -> Slice:
        """A page of threads, and the lanes of those to look into."""
        threads, further = self._threads(cursor)
        read = partial(reading.read_thread, about=self.me, base_url=self.base_url)
        items = tuple(reading.as_heard(item, self.me) for item in sum(each_readable(threads, read), ()))
        long = [lane for lane in each_readable(threads, _long) if lane]
        if first:
            long, mark = chosen(long, marks[-1])
            marks.append(mark)
        return Slice(items, further, {one.lane: "" for one in long})

    def _threads(self, cursor: str) -> tuple[list[Any], str]:
        about = {"allThreadsRelatedToChannelId": self.me, "order": "time", "textFormat": "plainText"}
        request = self.api.commentThreads().list(
            part="snippet,replies", maxResults=PAGE, pageToken=cursor or None, **about
        )
        listed = request.execute(num_retries=0)
        return list_of(listed, "items"), str(listed.get("nextPageToken") or "")

    def _answers(self, lane: str, cursor: str, reach: datetime | None) -> Slice:
        """Those in one thread, back to `reach` where it waited for its turn: they may be older than what was seen
        elsewhere since. None: as far as the whole reading goes."""
        thread, _, video = lane.partition(" ")
        request = self.api.comments().list(
            part="snippet", parentId=thread, textFormat="plainText", maxResults=PAGE, pageToken=cursor or None
        )
        try:
            listed = request.execute(num_retries=0)
        except Gone:  # taken away between the two looks
            return Slice(())
        read = partial(reading.read_comment, video=video, about=self.me, base_url=self.base_url)
        items = tuple(reading.as_heard(item, self.me) for item in each_readable(list_of(listed, "items"), read))
        return Slice(items, str(listed.get("nextPageToken") or ""), floor=reach)


@dataclass(frozen=True, slots=True)
class Long:
    """A thread of whose answers some are kept back: its `lane`, how it stands, and what it costs to look into it."""

    lane: str
    stands: str
    looks: int

    @property
    def thread(self) -> str:
        return self.lane.partition(" ")[0]


def _long(thread: Json) -> Long | None:
    lane = reading.lane_of(thread)
    if not lane:
        return None
    count = int(thread["snippet"]["totalReplyCount"])
    shown = sorted(str(one.get("id")) for one in parts_of(inner(thread, "replies"), "comments"))
    return Long(lane, f"{count}.{zlib.crc32(' '.join(shown).encode()):x}", -(-count // PAGE))


def chosen(long: Sequence[Long], mark: Mark) -> tuple[list[Long], Mark]:
    """The threads to look into, those first that waited, and the mark that follows."""
    due = [one for one in long if mark.looks_back or mark.seen.get(one.thread) != one.stands]
    due.sort(key=lambda one: one.thread not in mark.waits)
    taken: list[Long] = []
    for one in due:
        fits = sum(other.looks for other in taken) + one.looks <= LOOKS_A_READING
        if fits or not taken or mark.looks_back:
            taken.append(one)
    now = {one.thread: one.stands for one in taken}
    seen = {one.thread: mark.seen[one.thread] for one in long if one.thread in mark.seen} | now
    waits = tuple(one.thread for one in due if one.thread not in now)
    return taken, replace(mark, seen=seen, waits=waits)
