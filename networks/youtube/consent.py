"""Google's sign-in by consent, for a YouTube channel: PKCE, and a token to renew with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from networks.answers import read_json
from networks.calls import run
from networks.catalogue import network
from networks.consent import App, Begun, Granted, Renewed, challenge, verifier
from networks.egress import Answer, Egress, Terms
from networks.errors import AuthExpired, NetworkError, Unsupported
from networks.kinds import Purpose
from networks.tokens import judge_tokens, lasts_until, no_write
from networks.types import Identity
from networks.youtube.answers import judge_google
from networks.youtube.reading import read_identity

AUTHORIZE = "/o/oauth2/v2/auth"
TOKEN = "/token"  # noqa: S105 - a path
REVOKE = "/revoke"
SECRETS = ("client_secret", "code", "code_verifier", "refresh_token", "token")


class YoutubeConsent:
    def __init__(
        self, base_url: str, app: App, egress: Egress, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._base = base_url.rstrip("/")
        self._app = app
        self._egress = egress
        self._now = now

    def begin(self, *, state: str, redirect_uri: str, purpose: Purpose) -> Begun:
        """Asks for lasting access each time: without `prompt` Google gives the token to renew with only once."""
        kept = {"verifier": verifier()}
        scopes = [scope.name for scope in network("youtube").asked(purpose, self._app)]
        asked = {
            "client_id": self._app.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": " ".join(scopes),
            "access_type": "offline",
            "prompt": "consent",
            "state": state,
            "code_challenge": challenge(kept["verifier"]),
            "code_challenge_method": "S256",
        }
        return Begun(f"{self._host('login')}{AUTHORIZE}?{urlencode(asked)}", kept)

    def finish(self, *, code: str, kept: Mapping[str, str], redirect_uri: str) -> tuple[Granted, ...]:
        """The channel that the person chose; none where they have no channel."""
        told = self._tokens(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": kept["verifier"],
            }
        )
        channel = self._channel(str(told["access_token"]))
        scopes = tuple(str(told.get("scope") or "").split())
        return (Granted(channel, self._renewed(told), scopes),) if channel else ()

    def renew(self, credentials: Mapping[str, str]) -> Renewed:
        """The token to renew with stays, for Google gives no new one."""
        refresh = credentials.get("refresh_token", "")
        if not refresh:
            raise AuthExpired("nothing to renew with")
        return self._renewed(self._tokens({"grant_type": "refresh_token", "refresh_token": refresh}))

    def revoke(self, credentials: Mapping[str, str]) -> None:
        """Takes back the whole consent. One that is taken back already is as good."""
        token = credentials.get("refresh_token") or credentials.get("access_token")
        if not token:
            raise Unsupported("nothing to take back")
        self._post(REVOKE, {"token": token}, _judge_revoking)

    def _host(self, name: str) -> str:
        return network("youtube").host(name, self._base)

    def _tokens(self, form: Mapping[str, str]) -> dict[str, Any]:
        own = {"client_id": self._app.client_id, "client_secret": self._app.client_secret}

        def read(told: Any) -> dict[str, Any]:
            if not isinstance(told.get("access_token"), str) or not told["access_token"]:
                raise ValueError("no token")
            return dict(told)

        return self._post(TOKEN, {**form, **own}, judge_tokens, read)

    def _post(
        self,
        path: str,
        form: Mapping[str, str],
        judge: Callable[[Answer, bool], NetworkError | None],
        read: Callable[[Any], dict[str, Any]] = dict,
    ) -> dict[str, Any]:
        terms = Terms(no_write, judge, secrets=tuple(form[name] for name in SECRETS if form.get(name)))
        url = self._host("token") + path
        return run(terms, lambda: read(self._egress.session(terms).post(url, data=dict(form)).json()))

    def _channel(self, token: str) -> Identity | None:
        terms = Terms(no_write, judge_google, secrets=(token,))
        url = f"{self._host('api')}/youtube/v3/channels?{urlencode({'part': 'snippet', 'mine': 'true'})}"
        headers = {"Authorization": f"Bearer {token}"}
        return run(
            terms, lambda: read_identity(self._egress.session(terms).get(url, headers=headers).json(), self._base)
        )

    def _renewed(self, told: Mapping[str, Any]) -> Renewed:
        kept = {name: str(told[name]) for name in ("access_token", "refresh_token") if told.get(name)}
        now = self._now()
        return Renewed(
            kept,
            expires_at=lasts_until(told, "expires_in", now),
            ends_at=lasts_until(told, "refresh_token_expires_in", now),
        )


def _judge_revoking(answer: Answer, write: bool) -> NetworkError | None:
    told = read_json(answer)
    if answer.status == 400 and isinstance(told, dict) and told.get("error") == "invalid_token":
        return None
    return judge_tokens(answer, write)
