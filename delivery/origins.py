"""The rooms above speak for what they have sent here: a registry by inversion, so that delivery knows none of them.

A room calls `register` in its AppConfig.ready. All in which one kind of message differs from another stands in its
origin: a further kind costs one file there, and no line here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from accounts_registry.enums.spending import Spent
from approvals.subjects import Matter
from networks.port import Connector
from organisation.enums import Permission

Text = str | Promise

# What a kind's key looks like; the database asks for the same of each delivery.
KEY = r"^[a-z][a-z_]{1,19}$"


class DecidedIn(Enum):
    """In whose unit it is decided over a delivery."""

    ACCOUNT = "account"
    MESSAGE = "message"


@dataclass(frozen=True)
class Permissions:
    """What each act on a delivery of one kind asks for, where it is decided over it.

    Whoever may schedule also says what became of an uncertain one, and that nothing is missing any more.
    """

    see: Permission
    schedule: Permission
    withdraw: Permission
    reconfirm: Permission


@dataclass(frozen=True)
class MessageKind:
    """One kind of message, as data. `label` says what one is called, `page_label` what leads to its own page.

    `is_reply`: it never goes out but under the message that it answers. `spends`: from which part of a budget.
    """

    key: str
    label: Text
    page_label: Text
    page_icon: str
    permissions: Permissions
    spends: Spent
    is_reply: bool = False
    decided_in: DecidedIn = DecidedIn.ACCOUNT

    def __post_init__(self) -> None:
        acts = (self.permissions.schedule, self.permissions.withdraw, self.permissions.reconfirm)
        if not re.fullmatch(KEY, self.key):
            raise ImproperlyConfigured(f"A kind of message is called by small letters, not {self.key!r}")
        if not self.permissions.see.reads or any(permission.reads for permission in acts):
            raise ImproperlyConfigured(f"{self.key}: to look asks for a permission to look, to act for one to act")


class Origin(Protocol):
    """What a kind of message knows about its deliveries (`delivery` is a `delivery.models.Delivery`)."""

    @property
    def kind(self) -> MessageKind:
        """The kind that it speaks for; a delivery's `origin_kind` is the key."""
        ...

    def matters(self, deliveries: Sequence[Any]) -> Mapping[int, Matter]:
        """What has to be cleared for exactly each one's `content_hash` to go out, as it stands right now, by the ids of
        `deliveries`; without those behind which nothing stands any more. That the content still bears this hash, the
        claim has made sure of.

        Called in the transaction that claims them all, which asks `approvals` next; locks its own rows (FOR SHARE or
        UPDATE, in the order of their keys), so that no edit can pass between the answer and the claim. The claim waits
        a fifth of a second for them, then lets the edit go first.
        """
        ...

    def lapsed(self, delivery: Any) -> str:
        """Why there is no matter behind it any more, as a `delivery.enums.Trouble`. Asked where it stood in line."""
        ...

    def backed(self, deliveries: Sequence[Any]) -> Collection[int]:
        """Ids of those for which whoever stands for the message is active and still may do so there.

        Asked in the claim, and without any lock again before each write: it has to be cheap.
        """
        ...

    def look(self, delivery: Any, connector: Connector) -> None:
        """Asked before the write of a reply, outside every transaction: looks once more, as `connector`, at what it
        answers, where that costs nothing. What is something else by now, the origin writes down: then `backed` says no.
        """
        ...

    def title(self, delivery: Any) -> str:
        """A few words that name the message in a list."""
        ...

    def url(self, delivery: Any, reader: Any) -> str:
        """The message's own page; empty where there is none, or none that `reader` sees: whoever sees what their
        account says may not see the unit that says it."""
        ...

    def named(self, deliveries: Sequence[Any], reader: Any) -> Mapping[int, tuple[str, str]]:
        """Title, and address of the message's own page, by the ids of those of `deliveries` that `reader` sees."""
        ...

    def settled(self, delivery: Any) -> None:
        """Told, in the transaction that writes it, what became of the delivery: `delivery.state` is `published`,
        `failed`, `unknown`, `expired` or `cancelled`, or `due` again after one of these. Must not call out."""
        ...


_ORIGINS: dict[str, Origin] = {}


def register(origin: Origin) -> None:
    """From now on `origin` speaks for deliveries of its kind, and nobody else does."""
    if _ORIGINS.setdefault(origin.kind.key, origin) is not origin:
        raise ImproperlyConfigured(f"Two origins speak for {origin.kind.key}")


def origin_of(delivery: Any) -> Origin:
    """Who speaks for `delivery`; KeyError where no room has registered its kind."""
    return _ORIGINS[delivery.origin_kind]


def backed_among(deliveries: Iterable[Any]) -> set[int]:
    """Ids of those for which somebody still stands, as their origins say."""
    return {pk for origin, own in by_origin(deliveries) for pk in origin.backed(own)}


def by_origin(deliveries: Iterable[Any]) -> list[tuple[Origin, list[Any]]]:
    """Each origin with those of `deliveries` that it speaks for, in the order of the kinds' keys."""
    own: dict[str, list[Any]] = {}
    for one in deliveries:
        own.setdefault(one.origin_kind, []).append(one)
    return [(_ORIGINS[kind], own[kind]) for kind in sorted(own)]


def kind_of(key: str) -> MessageKind:
    """The kind whose key this is; KeyError where no room has registered it."""
    return _ORIGINS[key].kind


def permissions_on(delivery: Any) -> Permissions:
    """What the acts on `delivery` ask for, by its kind."""
    return kind_of(delivery.origin_kind).permissions


def kinds() -> list[MessageKind]:
    """The kinds that somebody speaks for, in the order of their keys."""
    return [_ORIGINS[key].kind for key in registered()]


def registered() -> list[str]:
    """Kinds that somebody speaks for; nothing else is ever sent."""
    return sorted(_ORIGINS)


def kind_choices() -> list[tuple[str, Text]]:
    """For a field that holds a kind: its choices are whoever has registered."""
    return [(kind.key, kind.label) for kind in kinds()]
