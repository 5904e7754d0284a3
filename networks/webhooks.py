"""The side of the port on which networks call us. What they say is a hint where to look, never a fact to store."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from networks.errors import NetworkError
from networks.types import AccountRef

OLDEST = timedelta(minutes=5)
OBJECT = b"{"  # what every network's call begins with, and no answer to a question of theirs


class WebhookRefused(NetworkError):
    """Forged, stale or misshapen. Nothing of it may be believed."""

    code = "webhook_refused"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a network wants to hear back before it trusts our address."""

    body: str
    mime: str


@dataclass(frozen=True, slots=True)
class Hint:
    """Something happened to the account whose id on the network is `account`, `at` (UTC); or to its `message`."""

    account: str
    at: datetime
    message: str = ""


class Webhooks(Protocol):
    """What a network's folder provides. `headers` have lower-case names; `body` is raw, as it was signed."""

    def challenge(self, query: Mapping[str, str]) -> Challenge:
        """The answer to the network's question whether this address is ours; `WebhookRefused` for a stranger's.

        Anybody may ask, and some networks want the answer made with the key that signs their calls. So only the very
        shape in which the network asks is answered, and no text of that shape is ever believed as a call.
        """
        ...

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> None:
        """`WebhookRefused` unless the network itself signed `body`, an object of JSON. Compares in constant time."""
        ...

    def parse_webhook(self, body: bytes) -> tuple[Hint, ...]:
        """What a verified `body` tells; `WebhookRefused` where it cannot be read."""
        ...


class Subscriptions(Protocol):
    """What a network's folder provides where webhooks have to be asked for account by account. Made per use.

    Only `networks.errors` come out, and never `OutcomeUnknown`: both verbs may be repeated, so that a lost answer is
    `Unavailable`. `PermissionMissing` where the credentials do not allow it.
    """

    def subscribe(self, account: AccountRef, address: str) -> str:
        """From now on the network calls `address` about `account`. The subscription's name, which `unsubscribe` takes:
        two accounts of one name share it. `Rejected` where nobody set `address` up for the app at the network."""
        ...

    def unsubscribe(self, account: AccountRef, name: str) -> None:
        """Ends the subscription of that name; one that is over already is as good as ended."""
        ...


def require_object(body: bytes) -> None:
    """`WebhookRefused` for what is no object of JSON: the key may have made an answer of it, never a call."""
    if not body.lstrip(b" \t\r\n").startswith(OBJECT):
        raise WebhookRefused("no call")


def signed(secret: str, body: bytes, given: str) -> bool:
    """Whether `given` is the hexadecimal HMAC-SHA-256 of `body` under `secret`; never for an empty secret."""
    wanted = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(wanted.encode(), given.encode())


def is_fresh(hint: Hint, now: datetime) -> bool:
    """Young enough to be news, and not from the future beyond what clocks differ."""
    return -OLDEST <= now - hint.at <= OLDEST
