"""Sign-in by consent, as every network does it at bottom: an app asks, a person agrees, a code becomes a token."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from simulator.exchange import Answer, Refused, Request, redirect
from simulator.pages import consent
from simulator.routing import Routes, Simulator
from simulator.store import grants, people
from simulator.store.grants import App, Lasting, Token

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
NEEDED = "read"

Deny = Callable[[int, str, str], Refused]


def _plain(status: int, error: str, words: str) -> Refused:
    return Refused(status, error, error_description=words)


@dataclass(frozen=True)
class Door:
    """One network's OAuth: where people agree, how long its tokens last, and how it refuses.

    `allows(app_scopes, scope)` says whether an app may ask for a scope. `needs_pkce` refuses who brings no challenge.
    `deny(status, code, words)` is a refusal in the network's own shape. `id_field` is what the client id is called.
    """

    authorize: str
    lasts: Lasting = grants.FOR_EVER
    rotates: bool = False
    needs_pkce: bool = False
    allows: Callable[[list[str], str], bool] = lambda known, wanted: wanted in known
    deny: Deny = _plain
    id_field: str = "client_id"

    def routes(self) -> Routes:
        """The pages on which a person agrees; the dialect adds its own way to change a code for a token."""
        about = Routes()
        about.on("GET", self.authorize)(self.ask)
        about.on("POST", self.authorize)(self.answer)
        return about

    def ask(self, simulator: Simulator, request: Request) -> Answer:
        """The page on which somebody chooses as whom the app may act."""
        app, problem = self._request_of(simulator, request)
        if not app or problem:
            return consent.refused(request, problem)
        return consent.page(request, app, people.everyone(simulator.db))

    def answer(self, simulator: Simulator, request: Request) -> Answer:
        """The decision: back to the app with a code or with `access_denied`, or the code on a page."""
        app, problem = self._request_of(simulator, request)
        person = people.by_id(simulator.db, request.number("person"))
        if not app or problem:
            return consent.refused(request, problem)
        address, state = request.text("redirect_uri"), request.text("state")
        extra = {"state": state} if state else {}
        if request.text("decision") != "allow" or not person:
            if address == OUT_OF_BAND:
                return consent.refused(request, "access_denied")
            return redirect(_with(address, {"error": "access_denied", **extra}))
        code = grants.consent(
            simulator.db,
            app=app,
            person_id=person.id,
            redirect_uri=address,
            scopes=" ".join(_scopes(request)),
            challenge=request.text("code_challenge") or None,
        )
        if address == OUT_OF_BAND:
            return consent.code(request, code)
        return redirect(_with(address, {"code": code, **extra}))

    def _request_of(self, simulator: Simulator, request: Request) -> tuple[App | None, str]:
        """The app that asks, and what is wrong with how it asks (empty: nothing)."""
        app = grants.app_by_client_id(simulator.db, request.text(self.id_field))
        if not app:
            return None, "invalid_client"
        if request.text("redirect_uri") not in app.redirect_uris.split("\n"):
            return app, "invalid_redirect_uri"
        if request.text("response_type", "code") != "code":
            return app, "unsupported_response_type"
        if not all(self.allows(app.scopes.split(), scope) for scope in _scopes(request)):
            return app, "invalid_scope"
        challenged = request.text("code_challenge")
        if (challenged and request.text("code_challenge_method") != "S256") or (self.needs_pkce and not challenged):
            return app, "invalid_code_challenge_method"
        return app, ""

    def client(self, simulator: Simulator, request: Request) -> App:
        """The app that proves itself by its secret, in the form or by basic authentication."""
        name, secret = request.basic
        app = grants.app_by_client_id(simulator.db, name or request.text(self.id_field))
        if not app or not hmac.compare_digest(app.client_secret, secret or request.text("client_secret")):
            words = (
                "Client authentication failed due to unknown client, no client authentication included, or unsupported "
                "authentication method."
            )
            raise self.deny(401, "invalid_client", words)
        return app

    def redeem(self, simulator: Simulator, request: Request) -> Token:
        """The token for the code that the call carries."""
        found = grants.redeem(
            simulator.db,
            app=self.client(simulator, request),
            code=request.text("code"),
            redirect_uri=request.text("redirect_uri"),
            verifier=request.text("code_verifier") or None,
            lasts=self.lasts,
        )
        if not found:
            words = (
                "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI "
                "used in the authorization request, or was issued to another client."
            )
            raise self.deny(400, "invalid_grant", words)
        return found

    def renew(self, simulator: Simulator, request: Request) -> Token:
        """A new token for the refresh token that the call carries."""
        app, refresh = self.client(simulator, request), request.text("refresh_token")
        found = grants.renew(simulator.db, app=app, refresh=refresh, lasts=self.lasts, rotates=self.rotates)
        if not found:
            raise self.deny(400, "invalid_grant", "The refresh token is unknown, was used already, or was revoked.")
        return found


def _scopes(request: Request) -> list[str]:
    return (request.text("scope") or NEEDED).replace(",", " ").split()


def _with(address: str, values: dict[str, str]) -> str:
    return address + ("&" if "?" in address else "?") + urlencode(values)
