"""Meta's webhook calls: one shape for pages and Instagram accounts."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from networks.consent import App
from networks.webhooks import Challenge, Hint, WebhookRefused, require_object, signed

SIGNATURE = "x-hub-signature-256"
WORD = b"parvis webhook verify token"
CHALLENGE = re.compile(r"[0-9]{1,20}", re.ASCII)  # an integer, which is given back and never signed


def verify_token(app: App) -> str:
    """What to type as "verify token" where the app's webhooks are set up.

    It follows from the app's secret, so that nothing more has to be kept: an HMAC of a fixed word.
    """
    return hmac.new(_secret(app).encode(), WORD, hashlib.sha256).hexdigest()


class GraphWebhooks(ABC):
    """What both networks do. A subclass names its `object` and finds the message that one change is about."""

    object: str

    def __init__(self, app: App) -> None:
        self._app = app

    @abstractmethod
    def message(self, field: str, value: Mapping[str, Any]) -> str | None:
        """The id of the message that a change tells of, empty where it tells none; None where it is no news to us."""

    def challenge(self, query: Mapping[str, str]) -> Challenge:
        given, body = str(query.get("hub.verify_token", "")), str(query.get("hub.challenge", ""))
        known = bool(_secret(self._app)) and hmac.compare_digest(given.encode(), verify_token(self._app).encode())
        if query.get("hub.mode") != "subscribe" or not known:
            raise WebhookRefused("not from an app of ours")
        if not CHALLENGE.fullmatch(body):
            raise WebhookRefused("no challenge to answer")
        return Challenge(body, "text/plain")

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> None:
        require_object(body)
        kind, _, given = headers.get(SIGNATURE, "").partition("=")
        if kind != "sha256" or not signed(_secret(self._app), body, given):
            raise WebhookRefused("signature")

    def parse_webhook(self, body: bytes) -> tuple[Hint, ...]:
        try:
            told = json.loads(body)
            if told["object"] != self.object:
                raise WebhookRefused("of another network")
            return tuple(hint for entry in told["entry"] for hint in self._hints(entry))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError) as error:
            refusal = WebhookRefused(type(error).__name__)
        raise refusal

    def _hints(self, entry: Mapping[str, Any]) -> Iterator[Hint]:
        account, at = str(entry["id"]), datetime.fromtimestamp(_seconds(entry["time"]), UTC)
        for change in entry.get("changes") or ():
            message = self.message(str(change["field"]), change.get("value") or {})
            if message is not None:
                yield Hint(account, at, message)


def _seconds(given: Any) -> float:
    """Seconds since 1970; Instagram's older calls count milliseconds."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise TypeError("no time")
    return given / 1000 if given > 1e11 else given


def _secret(app: App) -> str:
    return app.webhook_secret or app.client_secret
