"""The one port through which Parvis speaks to a social network.

It has three sides: `Connector` here, for acting as an account; `networks.consent` for being allowed to; and
`networks.webhooks` for what networks tell us unasked.

A connector is a small object without state of its own between calls; it is made per task by `catalogue.connector(...)`
and never shared across threads. Every verb may raise the errors of `networks.errors` and no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from networks.types import (
    AccountRef,
    AttemptKey,
    Draft,
    Finding,
    FoundAccount,
    Identity,
    Incoming,
    Measure,
    Page,
    PostRef,
    Problem,
)


class AccountFinder(Protocol):
    """A connector of a network whose capabilities say `finds_accounts` (`catalogue.account_finder`)."""

    def find_accounts(self, query: str) -> tuple[FoundAccount, ...]:
        """Accounts whose name or handle holds `query`, the network's best guesses first: one page, as it gives it."""
        ...


class Connector(Protocol):
    """What each network's folder provides."""

    account: AccountRef

    def identify(self) -> Identity:
        """Ask the network who these credentials belong to."""
        ...

    def length(self, text: str) -> int:
        """Length of `text` in the network's own unit, the one that `Capabilities.text_limit` is in. No call is made."""
        ...

    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        """All that the network would refuse about `draft`, before sending. No call is made."""
        ...

    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        """Send once. Never retries. `OutcomeUnknown` when the answer was lost.

        Once people can see the message nothing raises any more: what could not be added to it then is told as
        `PostRef.lacks`. All that can go before goes before.
        """
        ...

    def reconcile(self, draft: Draft, attempt: AttemptKey) -> Finding:
        """Look on the network for what became of an unresolved `publish`. Never writes.

        Of a message that is there `PostRef.lacks` tells what had yet to follow it, where the network does not show it.
        """
        ...

    def delete(self, ref: PostRef) -> None:
        """Remove a message of ours; `Gone` when it is not there."""
        ...

    def fetch(self, ref: PostRef) -> Incoming | None:
        """Read one message back as the public sees it; None when it is not there."""
        ...

    def answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        """What the account itself answered to the message `ref`, or beside that in its thread (`Kind.ANSWER`), as the
        network shows it now; nothing where `Capabilities.answers_asked` says no."""
        ...

    def locate(self, url: str) -> PostRef | None:
        """The message of this very account that people see at `url`, looked up on the network. Never writes.

        None when the address is no message's, the message is not there, or it is somebody else's.
        """
        ...

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        """Mentions of and replies to the account, and what it answered itself (`Kind.ANSWER`), newest first.

        `since` is an earlier page's `newest` (only what is newer comes), or an instant (ISO 8601): then all comes that
        the network dates at it or later, however late it told of it. `older` continues an earlier page.
        """
        ...

    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        """Public messages that hold `query`; the same paging as `inbox`. `Unsupported` where capabilities say so."""
        ...

    def metrics(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        """Figures of the account, and of those of our messages `refs` that are there; only what the network tells."""
        ...
