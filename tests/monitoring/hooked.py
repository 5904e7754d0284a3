"""A network of the tests' own that calls us: what it signs is JSON with the account, the message and the instant."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from networks.catalogue import NETWORKS, Network
from networks.consent import App
from networks.webhooks import Challenge, Hint, WebhookRefused, signed

SECRET = "a-webhook-secret-of-the-tests"


class Hooks:
    def __init__(self, app: App) -> None:
        self._secret = app.webhook_secret

    def challenge(self, query: Mapping[str, str]) -> Challenge:
        if query.get("token") != self._secret:
            raise WebhookRefused("a stranger")
        return Challenge(query["say"], "text/plain")

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> None:
        if not signed(self._secret, body, headers.get("x-proof", "")):
            raise WebhookRefused("forged")

    def parse_webhook(self, body: bytes) -> tuple[Hint, ...]:
        told = json.loads(body)
        return tuple(Hint(one["account"], datetime.fromisoformat(one["at"]), one.get("message", "")) for one in told)


def hooked() -> Network:
    return replace(NETWORKS["mastodon"], webhooks="tests.monitoring.hooked:Hooks")


def call(*hints: tuple[str, datetime, str]) -> bytes:
    told = [{"account": account, "at": at.isoformat(), "message": message} for account, at, message in hints]
    return json.dumps(told).encode()


def proof(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
