"""A public address that one can read and nothing else: what a feed and a web page have in common.

There is nobody to act as, so every verb but `search` is `Unsupported`. A reading is remembered in `since`: what the
server wants to hear of it (ETag, Last-Modified), and what was seen.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, NoReturn

from networks.answers import judge
from networks.egress import Answer, Egress, read_public
from networks.errors import AuthExpired, Gone, Invalid, PermissionMissing, Unsupported
from networks.types import (
    AccountRef,
    AttemptKey,
    Draft,
    Finding,
    Identity,
    Incoming,
    Measure,
    Page,
    PostRef,
    Problem,
)

LONGEST_MARK = 300  # characters of an ETag that are sent back; a longer one is forgotten


@dataclass(frozen=True, slots=True)
class Memory:
    """What of earlier readings has to be known at the next one. `seen` maps names to digests, the latest first."""

    etag: str = ""
    modified: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    turn: int = 0

    @classmethod
    def read(cls, since: str) -> Memory:
        """What `told` wrote; nothing for an empty `since`, `Invalid` for anything else."""
        if not since:
            return cls()
        try:
            etag, modified, seen, turn = json.loads(since)
            return cls(str(etag), str(modified), {str(key): str(value) for key, value in seen.items()}, int(turn))
        except (ValueError, TypeError, AttributeError):
            raise Invalid("since", "not the mark of a reading") from None

    def told(self) -> str:
        return json.dumps([self.etag, self.modified, dict(self.seen), self.turn], separators=(",", ":"))

    def of(self, answer: Answer) -> Memory:
        """With the server's own marks of `answer`."""
        return replace(self, etag=_mark(answer, "etag"), modified=_mark(answer, "last-modified"))

    def conditions(self) -> dict[str, str]:
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in told.items() if value}


class Source(ABC):
    """`account.base_url` is the whole address; there are no credentials."""

    def __init__(self, account: AccountRef, egress: Egress) -> None:
        self.account = account
        self._egress = egress

    def identify(self) -> Identity:
        _only_read()

    def length(self, text: str) -> int:
        return len(text)

    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        _only_read()

    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        _only_read()

    def reconcile(self, draft: Draft, attempt: AttemptKey) -> Finding:
        _only_read()

    def delete(self, ref: PostRef) -> None:
        _only_read()

    def fetch(self, ref: PostRef) -> Incoming | None:
        _only_read()

    def answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        _only_read()

    def locate(self, url: str) -> PostRef | None:
        _only_read()

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        _only_read()

    @abstractmethod
    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        """What the address shows that holds `query`; `since` is the `Memory` that the last reading told."""

    def metrics(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        _only_read()

    def _fetch_changed(self, url: str, accept: str, memory: Memory, most_bytes: int) -> Answer | None:
        """What stands at `url` now; None where the server says that it is what `memory` remembers."""
        answer = read_public(self._egress, url, {"Accept": accept, **memory.conditions()})
        if answer.status == 304:
            return None
        if answer.status in (404, 410):
            raise Gone(str(answer.status))
        if not 200 <= answer.status < 300:
            failure = judge(answer, write=False) or Invalid("url", str(answer.status))
            raise PermissionMissing(failure.detail) if isinstance(failure, AuthExpired) else failure
        if len(answer.body) > most_bytes:
            raise Invalid("url", "too large", most_bytes)
        return answer


def _only_read() -> NoReturn:
    raise Unsupported("this can only be read")


def _mark(answer: Answer, header: str) -> str:
    told = answer.header(header)
    return told if len(told) <= LONGEST_MARK and told.isascii() and told.isprintable() else ""


def digest(*words: Any) -> str:
    """Short and stable: 96 bits that tell two texts apart."""
    return sha256("\x1f".join(map(str, words)).encode(errors="replace")).hexdigest()[:24]
