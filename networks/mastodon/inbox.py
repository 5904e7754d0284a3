"""What is said to an account: its notifications, and the answers below its own newest statuses that name nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import requests

from networks.calls import each_readable
from networks.mastodon.marks import Mark, Place
from networks.mastodon.reading import Json, read_instant, read_status
from networks.paging import Walk
from networks.types import Incoming, Kind, Page

PAGE = 40
THREADS_A_PAGE = 4  # each is a call of its own, and a server allows 300 in five minutes


class Inbox:
    """One account's, `me` by its id.

    `notes` asks for a page of notifications that lie before one of them, `own` for the newest statuses of the account,
    `below` for what stands below one of them (nothing where it is gone).
    """

    def __init__(
        self,
        me: str,
        *,
        notes: Callable[[str], Sequence[Json]],
        own: Callable[[], Sequence[Json]],
        below: Callable[[str], Sequence[Json]],
    ) -> None:
        self._me = me
        self._notes = notes
        self._own = own
        self._told_below = below

    def page(self, walk: Walk) -> Page:
        mark = Mark.read(walk.since)
        if walk.cursor:
            place, newest = Place.read(walk.cursor), Mark.read(walk.newest)
        else:
            counts = self._counts(mark)
            changed = tuple(one for one, count in counts.items() if count and count != mark.replies.get(one))
            place, newest = Place("", changed), replace(mark, replies=counts, looks_back=False)
        items: dict[str, Incoming] = {}
        before = place.before
        if before is not None:
            notes = self._notes(before)
            if notes and not walk.cursor:
                newest = replace(newest, note=str(notes[0]["id"]))
            fresh = [note for note in notes if is_fresh(note, mark)]
            items |= {item.ref.id: item for item in each_readable(fresh, self._said) if item is not None}
            before = str(notes[-1]["id"]) if notes and len(fresh) == len(notes) else None
        for thread in place.threads[:THREADS_A_PAGE]:
            items = {item.ref.id: item for item in self._below(thread)} | items
        left = Place(before, place.threads[THREADS_A_PAGE:])
        ordered = tuple(sorted(items.values(), key=lambda item: item.created_at, reverse=True))
        return walk.page(ordered, first=str(newest), cursor=str(left))

    def _counts(self, mark: Mark) -> dict[str, int]:
        """How many answers each of our newest statuses has; in a look back, of those only that are as young."""
        floor = mark.floor if mark.looks_back else None
        own = [one for one in self._own() if floor is None or read_instant(one["created_at"]) >= floor]
        return {str(status["id"]): int(status.get("replies_count") or 0) for status in own}

    def _said(self, note: Json) -> Incoming | None:
        status = note.get("status")
        return read_status(status, self.kind(status), filtered=bool(note.get("filtered"))) if status else None

    def _below(self, thread: str) -> tuple[Incoming, ...]:
        """What others answered to us below a status of ours; what they say to each other there is not for us."""
        told = self._told_below(thread)
        theirs = [one for one in told if str(one["account"]["id"]) != self._me and self.kind(one) is Kind.REPLY]
        return each_readable(theirs, self._heard)

    def _heard(self, status: Json) -> Incoming:
        """Such an answer is said to us, whether the server told us or not."""
        item = read_status(status, Kind.REPLY)
        return item if self._me in item.told else replace(item, told=(*item.told, self._me))

    def kind(self, status: Json) -> Kind:
        answered = str(status.get("in_reply_to_account_id") or "")
        return Kind.REPLY if answered and answered == self._me else Kind.MENTION


def is_fresh(note: Json, mark: Mark) -> bool:
    """Whether it may be new to who has read up to `mark`, or lies within the look back that `mark` is."""
    identifier = str(note["id"])
    floor = mark.floor
    if floor is not None:
        return read_instant(note["created_at"]) >= floor
    return (len(identifier), identifier) > (len(mark.note), mark.note)


def notifications(session: requests.Session, base_url: str, token: str, before: str) -> list[Json]:
    """A page of mentions, the newest first, those besides that the server keeps out of the ordinary list: Mastodon 4.3
    and later hide private mentions and limited accounts. The client library knows no such question."""
    asked = [("types[]", "mention"), ("include_filtered", "true"), ("limit", str(PAGE))]
    asked += [("max_id", before)] if before else []
    headers = {"Authorization": f"Bearer {token}"}
    told = session.get(f"{base_url.rstrip('/')}/api/v1/notifications", params=asked, headers=headers).json()
    if not isinstance(told, list):
        raise ValueError("not a list")
    return [note for note in told if isinstance(note, dict)]
