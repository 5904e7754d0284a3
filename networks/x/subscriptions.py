"""Asking X to call us about an account: the Account Activity API, version 2.

From the public documentation (docs.x.com, Account Activity and Webhooks; OpenAPI 2.168) alone. A webhook belongs to the
app and is read with the app's own token; an account subscribes to it with its own, and the app ends that.
"""

from __future__ import annotations

from typing import Any

from networks.calls import run
from networks.catalogue import network
from networks.consent import App
from networks.egress import Egress, Terms
from networks.errors import AuthExpired, Gone, PermissionMissing, Rejected
from networks.tokens import no_write
from networks.types import AccountRef
from networks.x.answers import judge_x

WEBHOOKS = "/2/webhooks"


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
        if not self._is_subscribed(place, token) and not _subscribed(self._call("POST", place, token, json={})):
            raise Rejected("X did not subscribe the account")
        return f"{webhook}/{account.remote_id}"

    def unsubscribe(self, account: AccountRef, name: str) -> None:
        webhook, _, user = name.partition("/")
        try:
            self._call_as_app("DELETE", f"{_subscriptions(webhook)}/{user}/all")
        except Gone:
            return

    def _webhook(self, address: str) -> str:
        """The id of the webhook that stands at `address`."""
        found = self._call_as_app("GET", WEBHOOKS).get("data") or ()
        webhook = next((str(one.get("id")) for one in found if one.get("url") == address), "")
        if not webhook.isdigit():
            raise Rejected(f"no webhook of the app's leads to {address}")
        return webhook

    def _is_subscribed(self, place: str, token: str) -> bool:
        try:
            return _subscribed(self._call("GET", place, token))
        except Gone:
            return False

    def _call_as_app(self, method: str, path: str) -> dict[str, Any]:
        """`Rejected` where the app's own token is refused: that is not the account's fault, and no person can mend it
        by connecting anew."""
        try:
            return self._call(method, path, self._app.token)
        except (AuthExpired, PermissionMissing) as error:
            refusal = Rejected(f"the app's own token: {error.detail}")
        raise refusal

    def _call(self, method: str, path: str, token: str, **more: Any) -> dict[str, Any]:
        terms = Terms(no_write, judge_x, secrets=tuple(filter(None, (token, self._app.token))))
        headers = {"Authorization": f"Bearer {token}"}

        def call() -> dict[str, Any]:
            with self._egress.session(terms) as session:
                return dict(session.request(method, self._api + path, headers=headers, **more).json())

        return run(terms, call)


def _subscriptions(webhook: str) -> str:
    return f"/2/account_activity/webhooks/{webhook}/subscriptions"


def _subscribed(told: dict[str, Any]) -> bool:
    return (told.get("data") or {}).get("subscribed") is True
