"""X's calls to us: the Account Activity API. It asks first whether we hold the app's secret, and signs with it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from networks.consent import App
from networks.webhooks import Challenge, Hint, WebhookRefused, require_object

SIGNATURE = "x-twitter-webhooks-signature"
# X signs its calls with the key that its question is answered with. Its tokens are of these signs alone (base64 of a
# random id), and no text of them is an object of JSON: what is signed here can be no call.
TOKEN = re.compile(r"[A-Za-z0-9_+/-]{1,128}={0,2}", re.ASCII)
SECOND_MS = 1000


class XWebhooks:
    def __init__(self, app: App) -> None:
        self._secret = app.webhook_secret or app.client_secret

    def challenge(self, query: Mapping[str, str]) -> Challenge:
        token = query.get("crc_token", "")
        if not self._secret or not TOKEN.fullmatch(token):
            raise WebhookRefused("no question of the network's")
        return Challenge(json.dumps({"response_token": self._sign(token.encode())}), "application/json")

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> None:
        require_object(body)
        given = headers.get(SIGNATURE, "")
        if not self._secret or not hmac.compare_digest(self._sign(body).encode(), given.encode()):
            raise WebhookRefused("not signed by the network")

    def parse_webhook(self, body: bytes) -> tuple[Hint, ...]:
        try:
            told = json.loads(body)
            account = told["for_user_id"]
            if not isinstance(account, str) or not account.isdigit():
                raise ValueError("whose?")
            return tuple(_hints(account, told))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
            raise WebhookRefused("cannot be read") from None

    def _sign(self, content: bytes) -> str:
        made = hmac.new(self._secret.encode(), content, hashlib.sha256).digest()
        return "sha256=" + base64.b64encode(made).decode()


def _hints(account: str, told: Mapping[str, Any]) -> Iterator[Hint]:
    """One for each message; kinds of events that say nothing about messages (likes, follows) give none."""
    for tweet in told.get("tweet_create_events") or ():
        yield Hint(account, _instant(tweet["timestamp_ms"]), _id(tweet["id_str"]))
    for event in told.get("tweet_delete_events") or ():
        yield Hint(account, _instant(event["timestamp_ms"]), _id(event["status"]["id"]))


def _instant(milliseconds: object) -> datetime:
    return datetime.fromtimestamp(int(str(milliseconds)) / SECOND_MS, UTC)


def _id(given: object) -> str:
    if not isinstance(given, str) or not given.isdigit():
        raise ValueError("no id")
    return given
