"""The rooms above speak for what they have sent here: a registry by inversion, so that delivery knows none of them.

`publishing` and `monitoring` call `register` in their AppConfig.ready.
"""

from __future__ import annotations

from typing import Any, Protocol


class Origin(Protocol):
    """What a kind of message answers about its deliveries (`delivery` is a `delivery.models.Delivery`)."""

    @property
    def kind(self) -> str:
        """A value of `delivery.enums.OriginKind`."""
        ...

    def still_approved(self, delivery: Any) -> bool:
        """True when exactly `delivery.content_hash` is approved right now. That the content still bears this hash, the
        claim has made sure of.

        Called in the transaction that claims the delivery; locks its own row (FOR SHARE or UPDATE), so that no edit can
        pass between the answer and the claim. The claim waits a fifth of a second for it, then lets the edit go first.
        """
        ...

    def still_backed(self, delivery: Any) -> bool:
        """True while whoever approved the message, or wrote the answer, is active and still may do so there.

        Asked in the claim, and without any lock again before each write: it has to be cheap.
        """
        ...

    def title(self, delivery: Any) -> str:
        """A few words that name the message in a list."""
        ...

    def url(self, delivery: Any) -> str:
        """The page of the post or answer."""
        ...

    def settled(self, delivery: Any) -> None:
        """Told, in the transaction that writes it, what became of the delivery: `delivery.state` is `published`,
        `failed`, `unknown`, `expired` or `cancelled`, or `due` again after one of these. Must not call out."""
        ...


_ORIGINS: dict[str, Origin] = {}


def register(origin: Origin) -> None:
    """From now on `origin` speaks for deliveries of its kind."""
    _ORIGINS[origin.kind] = origin


def origin_of(delivery: Any) -> Origin:
    """Who speaks for `delivery`; KeyError where no room has registered its kind."""
    return _ORIGINS[delivery.origin_kind]


def registered() -> list[str]:
    """Kinds that somebody speaks for; nothing else is ever sent."""
    return sorted(_ORIGINS)
