"""Signing in through Facebook, for pages and for the Instagram accounts that belong to them.

A person agrees; their token is changed for one of sixty days; and that one names every page that they manage, each
with a token of its own that does not end by itself.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from networks.calls import run
from networks.consent import App, Begun, Granted, Renewed, challenge, verifier
from networks.egress import Egress, Terms
from networks.errors import Invalid, Rejected, Unsupported
from networks.graph.answers import judge_graph
from networks.graph.client import VERSION, Graph, proof_of
from networks.graph.reading import Json, listed, next_cursor, place
from networks.kinds import Network, Purpose
from networks.types import Identity

PAGE = 100
MOST_PAGES = 20


class GraphConsent(ABC):
    """What both networks do. A subclass says which network, which fields of a page to ask, and who it is there."""

    network: Network
    fields: str

    def __init__(self, base_url: str, app: App, egress: Egress) -> None:
        self._app = app
        self._egress = egress
        self._site = self.network.host("site", base_url)
        self._login = self.network.host("login", base_url)
        self._api = self.network.host("api", base_url)

    @abstractmethod
    def identity(self, page: Json) -> Identity | None:
        """Who a page is on this network; None where it is nobody there."""

    def begin(self, *, state: str, redirect_uri: str, purpose: Purpose) -> Begun:
        proof = verifier()
        scopes = [scope.name for scope in self.network.asked(purpose, self._app)]
        asked = {
            "client_id": self._app.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "response_type": "code",
            "scope": ",".join(scopes),
            "code_challenge": challenge(proof),
            "code_challenge_method": "S256",
        }
        return Begun(f"{self._login}/{VERSION}/dialog/oauth?{urlencode(asked)}", {"verifier": proof})

    def finish(self, *, code: str, kept: Mapping[str, str], redirect_uri: str) -> tuple[Granted, ...]:
        """Every page of the person that is on this network.

        `ends_at` is when the person's consent to read their data ends, which takes the pages' tokens along.
        """
        terms = self._terms(code, *kept.values())
        token = self._long_lived(terms, code, kept, redirect_uri)
        facts = self._facts(terms, token)
        ends_at = _instant(facts.get("data_access_expires_at"))
        scopes = tuple(str(scope) for scope in facts.get("scopes") or ())
        found = []
        for page in self._pages(terms, token):
            identity = self.identity(page)
            if identity and page.get("access_token"):
                credentials = self._credentials(str(page["access_token"]), token)
                found.append(Granted(identity, Renewed(credentials, None, ends_at), scopes))
        return tuple(found)

    def renew(self, credentials: Mapping[str, str]) -> Renewed:
        raise Unsupported("a page's token does not end by itself; when the consent ends, a person connects again")

    def revoke(self, credentials: Mapping[str, str]) -> None:
        """Takes back all that the person allowed this app, the tokens of their other pages among it.

        There is no narrower way: Facebook keeps consents by person, not by page.
        """
        token = credentials.get("user_token", "")
        if not token:
            raise Unsupported("these credentials are not of a consent")
        terms = self._terms(*credentials.values())
        graph = self._graph(terms, token)
        run(terms, lambda: _done(graph.request(f"{VERSION}/me/permissions", method="DELETE")))

    def _long_lived(self, terms: Terms, code: str, kept: Mapping[str, str], redirect_uri: str) -> str:
        app = {"client_id": self._app.client_id, "client_secret": self._app.client_secret}
        asked = {**app, "code": code, "redirect_uri": redirect_uri, "code_verifier": kept.get("verifier", "")}
        try:
            path = f"{VERSION}/oauth/access_token"
            short = run(terms, lambda: _token(self._graph(terms, "").request(path, args=asked)))
            terms.secrets = (*terms.secrets, short)  # the network quotes tokens where it refuses them
            graph = self._graph(terms, short)
            lasting = run(terms, lambda: _token(graph.extend_access_token(**_app(self._app))))
            terms.secrets = (*terms.secrets, lasting)
            return lasting
        except Invalid as error:  # a code that is used up, too old or not ours is no message's fault
            refusal = Rejected(error.detail)
        raise refusal

    def _facts(self, terms: Terms, token: str) -> dict[str, Any]:
        graph = self._graph(terms, "")
        told = run(terms, lambda: graph.debug_access_token(token, **_app(self._app))["data"])
        return dict(told)

    def _pages(self, terms: Terms, token: str) -> Iterator[Json]:
        graph, cursor = self._graph(terms, token), ""
        for _ in range(MOST_PAGES):
            told = run(terms, self._page_of(graph, cursor))
            yield from listed(told)
            cursor = next_cursor(told)
            if not cursor:
                return

    def _page_of(self, graph: Graph, cursor: str) -> Callable[[], dict[str, Any]]:
        asked = {"fields": self.fields, "limit": PAGE, **place(cursor)}
        return lambda: dict(graph.get_connections("me", "accounts", **asked))

    def _credentials(self, page_token: str, user_token: str) -> dict[str, str]:
        """The app's secret stays out of them: the proof that it would give is made here, once."""
        proof = proof_of(page_token, self._app.client_secret)
        return {"access_token": page_token, "proof": proof, "user_token": user_token}

    def _graph(self, terms: Terms, token: str) -> Graph:
        proof = proof_of(token, self._app.client_secret) if token and self._app.client_secret else ""
        return Graph(self._egress.session(terms), self._api, token=token, proof=proof)

    def _terms(self, *secrets: str) -> Terms:
        """Nothing of a sign-in is seen by anybody: a lost answer is `Unavailable`, never an unknown outcome."""
        known = (self._app.client_secret, self._app.webhook_secret, *secrets)
        return Terms(lambda _method, _path: False, judge_graph, secrets=tuple(filter(None, known)))


def _app(app: App) -> dict[str, str]:
    return {"app_id": app.client_id, "app_secret": app.client_secret}


def _token(told: Json) -> str:
    """The token in an answer; ValueError where it holds none."""
    found = told["access_token"]
    if not found or not isinstance(found, str):
        raise ValueError("no token")
    return found


def _done(told: Json) -> None:
    """ValueError where the network does not say that it did it."""
    if told["success"] is not True:
        raise ValueError("not done")


def _instant(seconds: object) -> datetime | None:
    """Seconds since 1970; 0 where there is no end."""
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds > 0 else None
