"""Mastodon's sign-in by consent. Its servers give any app an id on request, and their tokens never end by themselves.

Spoken without the client library: that one asks the server where its token endpoint is, and would send the code and
the app's secret to whatever address it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from networks.answers import judge
from networks.calls import run
from networks.catalogue import network
from networks.consent import App, Begun, Granted, Renewed, challenge, verifier
from networks.egress import Egress, Terms
from networks.errors import Unsupported
from networks.kinds import Purpose
from networks.mastodon.reading import read_identity
from networks.tokens import judge_tokens, no_write

CLIENT_NAME = "Parvis"


class MastodonConsent:
    """An `app` with an id is used as it is; without one, each consent registers one of its own."""

    def __init__(self, base_url: str, app: App, egress: Egress) -> None:
        self._base = base_url.rstrip("/")
        self._app = app
        self._egress = egress

    def begin(self, *, state: str, redirect_uri: str, purpose: Purpose) -> Begun:
        scopes = " ".join(scope.name for scope in network("mastodon").asked(purpose, self._app))
        app = {} if self._app.client_id else self._register(redirect_uri, scopes)
        kept = {"verifier": verifier(), **app}
        asked = {
            "client_id": self._app.client_id or kept["client_id"],
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": scopes,
            "state": state,
            "code_challenge": challenge(kept["verifier"]),
            "code_challenge_method": "S256",
        }
        return Begun(f"{self._base}/oauth/authorize?{urlencode(asked)}", kept)

    def finish(self, *, code: str, kept: Mapping[str, str], redirect_uri: str) -> tuple[Granted, ...]:
        told = self._post(
            "/oauth/token",
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": kept["verifier"],
                **self._proof(kept),
            },
        )
        token = str(told["access_token"])
        terms = Terms(no_write, judge, secrets=(token,))
        account = run(terms, lambda: self._verify(terms, token))
        own = {name: kept[name] for name in ("client_id", "client_secret") if kept.get(name)}
        renewed = Renewed({"access_token": token, **own})
        return (Granted(account, renewed, tuple(str(told.get("scope") or "").split())),)

    def renew(self, credentials: Mapping[str, str]) -> Renewed:
        raise Unsupported("tokens of this network do not end")

    def revoke(self, credentials: Mapping[str, str]) -> None:
        """`Unsupported` for a token that a person typed in: only the app that it was given to may take it back."""
        proof = self._proof(credentials)
        if not proof["client_id"] or not credentials.get("access_token"):
            raise Unsupported("the token was not given to us by consent")
        self._post("/oauth/revoke", {"token": credentials["access_token"], **proof})

    def _register(self, redirect_uri: str, scopes: str) -> dict[str, str]:
        form = {"client_name": CLIENT_NAME, "redirect_uris": redirect_uri, "scopes": scopes}
        told = self._post("/api/v1/apps", form)
        return {name: str(told[name]) for name in ("client_id", "client_secret")}

    def _proof(self, own: Mapping[str, str]) -> dict[str, str]:
        """What shows that we are the app: the one that was registered for this consent, else the administration's."""
        return {
            "client_id": own.get("client_id") or self._app.client_id,
            "client_secret": own.get("client_secret") or self._app.client_secret,
        }

    def _post(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        hidden = ("client_secret", "code", "code_verifier", "token")
        terms = Terms(no_write, judge_tokens, secrets=tuple(form[name] for name in hidden if form.get(name)))
        wanted = {"/api/v1/apps": ("client_id", "client_secret"), "/oauth/token": ("access_token",)}.get(path, ())

        def call() -> dict[str, Any]:
            told = dict(self._egress.session(terms).post(self._base + path, data=dict(form)).json() or {})
            if not all(isinstance(told.get(name), str) and told[name] for name in wanted):
                raise ValueError("not what was asked for")
            return told

        return run(terms, call)

    def _verify(self, terms: Terms, token: str) -> Any:
        path = "/api/v1/accounts/verify_credentials"
        headers = {"Authorization": f"Bearer {token}"}
        return read_identity(self._egress.session(terms).get(self._base + path, headers=headers).json())
