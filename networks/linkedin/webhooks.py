"""LinkedIn's calls to us: signed with the app's secret, over the body behind a word of its own."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from networks.consent import App
from networks.linkedin.reading import ORGANIZATION, instant
from networks.linkedin.urns import POST, comment_urn
from networks.webhooks import Challenge, Hint, WebhookRefused, require_object, signed

TYPE = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
PREFIX = b"hmacsha256="
# What LinkedIn asks with: a random UUID of version 4. Nothing else is signed, least of all what begins like a call.
CODE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
# What else happens to a page (likes, shares) concerns no inbox; what its own people write may be an answer of ours.
CONCERNS = frozenset({"COMMENT", "ADMIN_COMMENT", "COMMENT_EDIT", "COMMENT_DELETE", "SHARE_MENTION"})


class LinkedInWebhooks:
    def __init__(self, app: App) -> None:
        self._secret = app.webhook_secret or app.client_secret

    def challenge(self, query: Mapping[str, str]) -> Challenge:
        code = query.get("challengeCode", "")
        if not self._secret or not CODE.fullmatch(code):
            raise WebhookRefused("no challenge")
        proof = hmac.new(self._secret.encode(), code.encode(), hashlib.sha256).hexdigest()
        return Challenge(json.dumps({"challengeCode": code, "challengeResponse": proof}), "application/json")

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> None:
        require_object(body)
        given = headers.get("x-li-signature", "").removeprefix(PREFIX.decode())
        if not signed(self._secret, PREFIX + body, given):
            raise WebhookRefused("not signed by the network")

    def parse_webhook(self, body: bytes) -> tuple[Hint, ...]:
        try:
            told = json.loads(body)
            if told["type"] != TYPE or not isinstance(told["notifications"], list):
                raise WebhookRefused("not what was subscribed to")
            return tuple(_hint(one) for one in told["notifications"] if one["action"] in CONCERNS)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
            raise WebhookRefused("cannot be read") from None


def _hint(told: Mapping[str, Any]) -> Hint:
    page = told["organizationalEntity"]
    if not isinstance(page, str) or not page.startswith(ORGANIZATION):
        raise ValueError("no page")
    if told["action"] == "SHARE_MENTION":
        source = told.get("decoratedSourcePost") or {}
        urn = str(source.get("entity") or told["sourcePost"])
        message = urn if POST.fullmatch(urn) else ""
    else:
        comment = comment_urn(str(told["generatedActivity"]))
        message = str(comment) if comment else ""
    return Hint(page, instant(told["lastModifiedAt"]), message)
