"""tweepy's client over our own session.

The library has one host built in, logs the token at DEBUG, and sleeps or raises as it likes: all of that sits in its
`request`, which is ours here. What it knows of X (paths, parameters, what may be left out) stays its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
import tweepy

from networks.catalogue import network
from networks.egress import Egress, Terms
from networks.errors import Invalid
from networks.types import AccountRef
from networks.x import names

MEDIA = "/2/media"
# Hosts that answered by the new names alone. Reading may be repeated; it is, once a process.
RENAMED: set[str] = set()


class XClient(tweepy.Client):
    """Answers with plain dicts. Reading uses the narrower token where the account has one.

    The library never holds a token, so that nothing of it can end up in its log or in a repr.
    """

    def __init__(self, account: AccountRef, egress: Egress, terms: Terms) -> None:
        super().__init__(return_type=dict)
        self.session = egress.session(terms)
        self._host = network("x").host("api", account.base_url)
        self._write_token = account.credentials.get("access_token", "")
        self._read_token = account.credentials.get("read_access_token") or self._write_token

    def request(
        self,
        method: str,
        route: str,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        user_auth: bool = False,
    ) -> requests.Response:
        """One call; whatever is no success comes out of the session as one of our own errors."""
        if method != "GET" or not params or not names.asks_by_name(params):
            return self._send(method, route, params=params, json=json)
        if self._host in RENAMED:
            if told := self._read(route, names.renamed(params)):
                return told
            RENAMED.discard(self._host)  # one odd answer had made us believe it
        told = self._read(route, params)
        if told and not names.was_ignored(params, told.json() if told.content else None):
            return told
        if anew := self._read(route, names.renamed(params)):
            RENAMED.add(self._host)
            return anew
        return told or self._send(method, route, params=params)

    def _read(self, route: str, params: Mapping[str, Any]) -> requests.Response | None:
        """None where these names are unknown."""
        try:
            return self._send("GET", route, params=params)
        except Invalid as error:
            if not names.is_unknown(error.detail):
                raise
            return None

    def upload(self, method: str, route: str, **more: Any) -> dict[str, Any]:
        """One call below `/2/media`, which the library does not know. `more` is what `requests` takes."""
        told = self._send(method, MEDIA + route, **more)
        return dict(told.json().get("data") or {}) if told.content else {}

    def _send(self, method: str, route: str, **more: Any) -> requests.Response:
        token = self._read_token if method == "GET" and not route.startswith(MEDIA) else self._write_token
        headers = {"Authorization": f"Bearer {token}"}
        return self.session.request(method, self._host + route, headers=headers, **more)
