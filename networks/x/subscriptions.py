"""Asking X to call us about an account: the Account Activity API, version 2.

From the public documentation (docs.x.com, Account Activity and Webhooks; OpenAPI 2.168) alone. A webhook belongs to the
app and is read with the app's own token; an account subscribes to it with its own, and the app ends that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from networks.calls import Result, run
from networks.catalogue import network
from networks.consent import App
from networks.egress import Egress, Terms
from networks.errors import AuthExpired, Gone, PermissionMissing, Rejected
from networks.tokens import no_write
from networks.types import AccountRef
from networks.x.answers import judge_x

WEBHOOKS = "/2/webhooks"
WEBHOOK = re.compile(r"[0-9]{1,40}", re.ASCII)


class XSubscriptions:
    def __init__(self, base_url: str, app: App, egress: Egress) -> None:
        self._api = network("x").host("api", base_url)
        self._app = app
        self._egress = egress

    def subscribe(self, account: AccountRef, address: str) -> str:
        """Looks first: a second subscription of the same account is an error there."""
        token = account.credentials.get("access_token", "")
        webhook = self._webhook(address)
        place = f"{_subscriptions(webhook)}/all"
        if not self._is_subscribed(place, token) and not self._call("POST", place, token, _subscribed, json={}):
            raise Rejected("X did not subscribe the account")
        return f"{webhook}/{account.remote_id}"

    def unsubscribe(self, account: AccountRef, name: str) -> None:
        webhook, _, user = name.partition("/")
        try:
            self._call_as_app("DELETE", f"{_subscriptions(webhook)}/{user}/all", dict)
        except Gone:
            return

    def _webhook(self, address: str) -> str:
        """The id of the webhook that stands at `address`."""
        found = self._call_as_app("GET", WEBHOOKS, _webhooks).get(address, "")
        if not WEBHOOK.fullmatch(found):
            raise Rejected(f"no webhook of the app's leads to {address}")
        return found

    def _is_subscribed(self, place: str, token: str) -> bool:
        try:
            return self._call("GET", place, token, _subscribed)
        except Gone:
            return False

    def _call_as_app(self, method: str, path: str, read: Callable[[Any], Result]) -> Result:
        """`Rejected` where the app's own token is refused: that is not the account's fault, and no person can mend it
        by connecting anew."""
        try:
            return self._call(method, path, self._app.token, read)
        except (AuthExpired, PermissionMissing) as error:
            refusal = Rejected(f"the app's own token: {error.detail}")
        raise refusal

    def _call(self, method: str, path: str, token: str, read: Callable[[Any], Result], **more: Any) -> Result:
        """What `read` makes of the answer."""
        terms = Terms(no_write, judge_x, secrets=tuple(filter(None, (token, self._app.token))))
        headers = {"Authorization": f"Bearer {token}"}

        def call() -> Result:
            with self._egress.session(terms) as session:
                return read(session.request(method, self._api + path, headers=headers, **more).json())

        return run(terms, call)


def _subscriptions(webhook: str) -> str:
    return f"/2/account_activity/webhooks/{webhook}/subscriptions"


def _webhooks(told: Any) -> dict[str, str]:
    """The ids of the app's webhooks by their addresses. ValueError and the like where the answer is none."""
    return {str(one.get("url")): str(one.get("id")) for one in told.get("data") or ()}


def _subscribed(told: Any) -> bool:
    return (told.get("data") or {}).get("subscribed") is True
