"""LinkedIn's sign-in by consent: one person agrees for every page that they administer.

The network knows no PKCE for apps that keep a secret; what binds an answer to its question is the state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from networks.answers import list_of
from networks.calls import run
from networks.catalogue import network
from networks.consent import App, Begun, Granted, Renewed
from networks.egress import Answer, Egress, Terms
from networks.errors import AuthExpired, Invalid, NetworkError, Unsupported
from networks.kinds import Purpose
from networks.linkedin.answers import judge
from networks.linkedin.reading import ORGANIZATION, read_identity
from networks.linkedin.rest import Rest, read
from networks.linkedin.urns import encoded
from networks.tokens import judge_tokens, lasts_until, no_write

# The roles that let a person speak for a page.
SPEAKING = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN"})
PAGE = 100
MOST_PAGES = 5


class LinkedInConsent:
    def __init__(
        self, base_url: str, app: App, egress: Egress, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._site = base_url.rstrip("/")
        self._home = network("linkedin").host("api", base_url)
        self._app = app
        self._egress = egress
        self._now = now

    def begin(self, *, state: str, redirect_uri: str, purpose: Purpose) -> Begun:
        scopes = [scope.name for scope in network("linkedin").asked(purpose, self._app)]
        asked = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "scope": " ".join(scopes),
        }
        return Begun(f"{self._site}/oauth/v2/authorization?{urlencode(asked)}", {})

    def finish(self, *, code: str, kept: Mapping[str, str], redirect_uri: str) -> tuple[Granted, ...]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        told = self._post("accessToken", form)
        renewed = self._renewed(told)
        terms = Terms(no_write, judge, secrets=tuple(renewed.credentials.values()))
        rest = Rest(self._home, renewed.credentials, self._egress, terms)
        scopes = tuple(str(told.get("scope") or "").replace(",", " ").split())
        found = run(terms, lambda: [read_identity(page, self._site) for page in _pages(rest)])
        return tuple(Granted(identity, renewed, scopes) for identity in found)

    def renew(self, credentials: Mapping[str, str]) -> Renewed:
        """A new access token; the refresh token keeps the end that it was given with the consent."""
        refresh = credentials.get("refresh_token")
        if not refresh:
            raise Unsupported("this app is given no refresh tokens")
        return self._renewed(self._post("accessToken", {"grant_type": "refresh_token", "refresh_token": refresh}))

    def revoke(self, credentials: Mapping[str, str]) -> None:
        token = credentials.get("access_token")
        if not token:
            raise Unsupported("nothing to revoke")
        self._post("revoke", {"token": token})

    def _renewed(self, told: Mapping[str, Any]) -> Renewed:
        names = ("access_token", "refresh_token")
        credentials = {name: str(told[name]) for name in names if told.get(name)}
        expires = lasts_until(told, "expires_in", self._now())
        # Without a refresh token the end of the access token is the end.
        ends = lasts_until(told, "refresh_token_expires_in", self._now()) if "refresh_token" in credentials else expires
        return Renewed(credentials, expires, ends)

    def _post(self, noun: str, form: Mapping[str, str]) -> dict[str, Any]:
        proof = {"client_id": self._app.client_id, "client_secret": self._app.client_secret}
        hidden = ("code", "refresh_token", "token", "client_secret")
        whole = {**form, **proof}
        terms = Terms(no_write, _judge, secrets=tuple(whole[name] for name in hidden if whole.get(name)))

        def call() -> dict[str, Any]:
            answer = self._egress.session(terms).post(f"{self._site}/oauth/v2/{noun}", data=whole)
            told = read(answer) if answer.content else {}
            if noun == "accessToken" and not (isinstance(told.get("access_token"), str) and told["access_token"]):
                raise ValueError("no token")
            return told

        return run(terms, call)


def _judge(answer: Answer, write: bool = False) -> NetworkError | None:
    """This network calls a grant that is over an invalid request, and says in words what is over."""
    failure = judge_tokens(answer, write)
    if isinstance(failure, Invalid) and any(word in failure.detail.lower() for word in ("expired", "revoked")):
        return AuthExpired(failure.detail)
    return failure


def _pages(rest: Rest) -> Iterator[dict[str, Any]]:
    """Every page for which the person may speak, once."""
    urns: dict[str, None] = {}
    for number in range(MOST_PAGES):
        query = f"q=roleAssignee&state=APPROVED&start={number * PAGE}&count={PAGE}"
        roles = list_of(rest.get("/rest/organizationAcls", query, finder=True), "elements")
        for role in roles:
            if role.get("state") == "APPROVED" and role.get("role") in SPEAKING:
                urns[str(role["organization"])] = None
        if len(roles) < PAGE:
            break
    for urn in urns:
        yield rest.get(f"/rest/organizations/{encoded(urn.removeprefix(ORGANIZATION))}")
