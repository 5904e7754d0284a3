"""X's sign-in by consent: OAuth 2 with PKCE, as a confidential client. An access token lasts two hours.

A refresh token is worth one renewal: the answer brings the next one, so it must be kept before anything else is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import requests

from networks.calls import run
from networks.catalogue import network
from networks.consent import App, Begun, Granted, Renewed, challenge, verifier
from networks.egress import Answer, Egress, Terms
from networks.errors import AuthExpired, Invalid, NetworkError, Unavailable, Unsupported
from networks.kinds import Purpose
from networks.tokens import judge_tokens, lasts_until, no_write
from networks.types import Identity
from networks.x.answers import judge_x
from networks.x.reading import Site, read_identity

AUTHORIZE, TOKEN, REVOKE = "/i/oauth2/authorize", "/2/oauth2/token", "/2/oauth2/revoke"
DEAD_TOKEN = "token was invalid"  # noqa: S105 - words of X
HIDDEN = ("code", "code_verifier", "refresh_token", "token")
# An account may hold a narrower pair of tokens for reading.
PAIRS = (("access_token", "refresh_token"), ("read_access_token", "read_refresh_token"))


class XConsent:
    def __init__(self, base_url: str, app: App, egress: Egress) -> None:
        line = network("x")
        self._api = line.host("api", base_url)
        self._login = line.host("login", base_url)
        self._site = Site(line.host("site", base_url))
        self._app = app
        self._egress = egress

    def begin(self, *, state: str, redirect_uri: str, purpose: Purpose) -> Begun:
        kept = {"verifier": verifier()}
        asked = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(scope.name for scope in network("x").asked(purpose, self._app)),
            "state": state,
            "code_challenge": challenge(kept["verifier"]),
            "code_challenge_method": "S256",
        }
        return Begun(f"{self._login}{AUTHORIZE}?{urlencode(asked)}", kept)

    def finish(self, *, code: str, kept: Mapping[str, str], redirect_uri: str) -> tuple[Granted, ...]:
        told = self._token(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": kept["verifier"],
            }
        )
        renewed = self._renewed(told, PAIRS[0])
        scopes = tuple(str(told.get("scope") or "").split())
        return (Granted(self._identity(str(told["access_token"])), renewed, scopes),)

    def renew(self, credentials: Mapping[str, str]) -> Renewed:
        """Every pair that can be renewed; `expires_at` is the earliest of them.

        What one call renewed is never lost by the failure of the next: the old refresh token is dead already. A reading
        pair that X no longer takes is emptied, so that reading goes on with the other; one that it could not answer for
        is asked for again at once.
        """
        pairs = [names for names in PAIRS if credentials.get(names[1])]
        if not pairs:
            raise Unsupported("no token that renews another: the consent left out offline.access")
        first, *others = pairs
        found = self._renew(credentials, first)
        for names in others:
            found = _joined(found, self._renew_if_possible(credentials, names))
        return found

    def _renew(self, credentials: Mapping[str, str], names: tuple[str, str]) -> Renewed:
        form = {"grant_type": "refresh_token", "refresh_token": credentials[names[1]]}
        return self._renewed(self._token(form), names)

    def _renew_if_possible(self, credentials: Mapping[str, str], names: tuple[str, str]) -> Renewed:
        try:
            return self._renew(credentials, names)
        except AuthExpired:
            return Renewed(dict.fromkeys(names, ""))
        except NetworkError:
            return Renewed({}, datetime.now(UTC))

    def revoke(self, credentials: Mapping[str, str]) -> None:
        """Both tokens of each pair; one that X has forgotten already is as good as revoked."""
        for names in PAIRS:
            for name, hint in zip(names, ("access_token", "refresh_token"), strict=True):
                if credentials.get(name):
                    self._forget(credentials[name], hint)

    def _forget(self, token: str, hint: str) -> None:
        try:
            self._post(REVOKE, {"token": token, "token_type_hint": hint})
        except AuthExpired:
            return

    def _token(self, form: Mapping[str, str]) -> dict[str, Any]:
        told = self._post(TOKEN, form)
        if not isinstance(told.get("access_token"), str) or not told["access_token"]:
            raise Unavailable("no token in the answer")
        return told

    def _renewed(self, told: Mapping[str, Any], names: tuple[str, str]) -> Renewed:
        fresh = {names[0]: str(told["access_token"])}
        if told.get("refresh_token"):
            fresh[names[1]] = str(told["refresh_token"])
        return Renewed(fresh, lasts_until(told, "expires_in", datetime.now(UTC)))

    def _post(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        told = (form[name] for name in HIDDEN if form.get(name))
        terms = Terms(no_write, _judge, secrets=(*told, self._app.client_secret))
        proof = requests.auth.HTTPBasicAuth(self._app.client_id, self._app.client_secret)

        def call() -> dict[str, Any]:
            with self._egress.session(terms) as session:
                return dict(session.post(self._api + path, data=dict(form), auth=proof).json())

        return run(terms, call)

    def _identity(self, token: str) -> Identity:
        terms = Terms(no_write, judge_x, secrets=(token,))

        def call() -> Identity:
            with self._egress.session(terms) as session:
                answer = session.get(f"{self._api}/2/users/me", headers={"Authorization": f"Bearer {token}"})
                return read_identity(answer.json(), self._site)

        return run(terms, call)


def _judge(answer: Answer, write: bool) -> NetworkError | None:
    """X says of a dead refresh token that the request is wrong, and only in words which part of it."""
    failure = judge_tokens(answer, write)
    if type(failure) is Invalid and DEAD_TOKEN in failure.detail:
        return AuthExpired(failure.detail)
    return failure


def _joined(one: Renewed, other: Renewed) -> Renewed:
    ends = [found.expires_at for found in (one, other) if found.expires_at]
    return Renewed({**one.credentials, **other.credentials}, min(ends, default=None))
