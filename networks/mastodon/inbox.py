"""What is said to an account: its notifications, and the answers below its own newest statuses that name nobody; and
what the account answered itself, wherever somebody wrote it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import requests

from networks import threads
from networks.calls import each_readable
from networks.mastodon.reading import Json, read_instant, read_status
from networks.threads import Mark, Own, Told
from networks.types import Incoming, Kind

PAGE = 40


class Inbox(threads.Inbox):
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

    def told(self, before: str, mark: Mark) -> Told:
        notes = self._notes(before)
        known = each_readable(notes, lambda note: (note, str(note["id"]), is_fresh(note, mark)))
        fresh = [note for note, _name, is_new in known if is_new]
        items = tuple(item for item in each_readable(fresh, self._incoming_of) if item is not None)
        further = known[-1][1] if known and len(fresh) == len(known) else None
        return Told(items, known[0][1] if known else "", further)

    def own(self) -> Sequence[Own]:
        return each_readable(
            self._own(),
            lambda one: Own(
                str(one["id"]), int(one.get("replies_count") or 0), read_instant(one["created_at"]), _given(one)
            ),
        )

    def below(self, message: str) -> Sequence[Incoming]:
        """What others answered to us below a status of ours; what they say to each other there is not for us."""
        told = each_readable(self._told_below(message), self._heard)
        return [one for one in told if one.author.id != self._me and one.kind is Kind.REPLY]

    def _incoming_of(self, note: Json) -> Incoming | None:
        status = note.get("status")
        return read_status(status, self.kind(status), filtered=bool(note.get("filtered"))) if status else None

    def _heard(self, status: Json) -> Incoming:
        """Such an answer is said to us, whether the server told us or not."""
        item = read_status(status, self.kind(status))
        return item if self._me in item.told else replace(item, told=(*item.told, self._me))

    def kind(self, status: Json) -> Kind:
        answered = str(status.get("in_reply_to_account_id") or "")
        return Kind.REPLY if answered and answered == self._me else Kind.MENTION


def _given(status: Json) -> Incoming | None:
    """A status of ours as an answer; None where it answers nothing, or cannot be read."""
    answers = [status] if status.get("in_reply_to_id") else []
    return next(iter(each_readable(answers, lambda one: read_status(one, Kind.ANSWER))), None)


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
