"""A connector of Meta's: what a page and an Instagram account do alike."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import ClassVar

from networks.audience import answer_audience
from networks.catalogue import network
from networks.composition import compose
from networks.egress import Egress
from networks.errors import Gone, Invalid, NetworkError, PermissionMissing, TooWide, Unsupported
from networks.graph.acting import CLOCKS_APART, Acting, Now, Pause, utc_now
from networks.graph.reading import Json
from networks.types import (
    AccountRef,
    AttemptKey,
    Draft,
    Finding,
    Identity,
    Incoming,
    Page,
    PostRef,
    Presence,
    Problem,
)
from networks.validation import problems


class GraphConnector(ABC):
    """`settle` is how long after a send a message may still be on its way into the account's own list."""

    key: ClassVar[str]  # in the catalogue
    asked_of_me: ClassVar[str]  # the fields by which a token says whose it is
    unlistable: ClassVar[tuple[type[NetworkError], ...]] = (Gone,)  # what says that a list cannot be looked through

    def __init__(
        self,
        account: AccountRef,
        egress: Egress,
        *,
        settle: timedelta = timedelta(minutes=2),
        now: Now = utc_now,
        pause: Pause = time.sleep,
    ) -> None:
        self.account = account
        self._settle = settle
        self._now = now
        self._pause = pause
        self._acting = Acting(account, egress, network(self.key))

    @abstractmethod
    def _read_identity(self, told: Json) -> Identity:
        """Who the fields of `asked_of_me` name. ValueError or KeyError where they name nobody."""

    @abstractmethod
    def _find(self, draft: Draft, begun: datetime) -> PostRef | bool | None:
        """What was sent of `draft` at `begun` or later; None when it is certainly not listed; False when unclear."""

    def identify(self) -> Identity:
        told = self._acting.node("me", fields=self.asked_of_me)
        return self._acting.run(lambda: self._read_identity(told))

    def length(self, text: str) -> int:
        return len(text)

    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        sent = compose(draft, self.key).text
        return problems(draft, network(self.key).capabilities, self.length(sent), sent or draft.link)

    def reconcile(self, draft: Draft, attempt: AttemptKey) -> Finding:
        """Look for it in the account's own list, or below what it answers.

        Nothing stops a second send, so `ABSENT` is said only where the list was read to the end of the attempt and a
        late arrival would have shown.
        """
        try:
            match = self._acting.run(lambda: self._find(draft, attempt.created_at - CLOCKS_APART))
        except self.unlistable:
            return Finding(Presence.UNCERTAIN)
        if isinstance(match, PostRef):
            return Finding(Presence.PRESENT, match)
        if match is None and self._acting.settled(attempt, self._now, self._settles_within(draft)):
            return Finding(Presence.ABSENT)
        return Finding(Presence.UNCERTAIN)

    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        raise Unsupported("public messages are closed to programs")

    @abstractmethod
    def fetch(self, ref: PostRef) -> Incoming | None: ...

    def _require_gone(self, ref: PostRef) -> None:
        """Of what was deleted Graph says to the letter what it says of that which a token may not see any more. So what
        it shows no more is gone only where it shows us the list on which it would stand; `PermissionMissing` else."""
        try:
            is_missed = self._acting.run(lambda: self._is_missed(ref))
        except Gone:
            is_missed = False
        if not is_missed:
            raise PermissionMissing("deleted, or out of our sight")

    @abstractmethod
    def _is_missed(self, ref: PostRef) -> bool:
        """Whether the list on which `ref` would stand is shown to us, and does not show it."""

    def _require_as_wide(self, question: PostRef) -> None:
        """Last before an answer is written: `TooWide` where the network says that fewer people see the question by now.
        What this token may not read, or what is not there, the write itself meets with."""
        try:
            seen = self.fetch(question)
        except (Invalid, PermissionMissing):
            return
        if seen is not None and answer_audience(seen.audience, network(self.key).capabilities.audiences) is None:
            raise TooWide(f"below {seen.audience}")

    def _settles_within(self, draft: Draft) -> timedelta:
        """How long after its send `draft` may still be missing from the list."""
        return self._settle

    @property
    def _id(self) -> str:
        """The account's id; asked for where it is not known yet."""
        return self.account.remote_id or self.identify().remote_id
