"""Signing in with an app password, which on the square is a person's standing token."""

from __future__ import annotations

from simulator.dialects.bluesky import ids, records
from simulator.dialects.bluesky.manners import REFRESH, caller, jwt, refused
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import grants, people
from simulator.store.grants import App, Lasting, Token
from simulator.store.people import Person

routes = Routes("bluesky:calls")
APP = "Bluesky sessions"
LASTING = Lasting(7200, renewable=True)
REFRESH_SECONDS = 60 * 86_400


@routes.on("POST", "/xrpc/com.atproto.server.createSession", family="bluesky:sessions")
def create(simulator: Simulator, request: Request) -> Answer:
    person = records.person(simulator, request.text("identifier"))
    password = grants.token(simulator.db, request.text("password"))
    if not person or not password or not password.works or not password.is_standing or password.person_id != person.id:
        raise refused(401, "AuthenticationRequired", "Invalid identifier or password")
    issued = grants.issue(simulator.db, person_id=person.id, app_id=_app(simulator).id, scopes="session", lasts=LASTING)
    return _opened(person, issued)


@routes.on("POST", REFRESH)
def refresh(simulator: Simulator, request: Request) -> Answer:
    """New tokens for the one to refresh with, which is used up by it."""
    given = request.bearer.rpartition(".")[2]
    issued = grants.renew(simulator.db, app=_app(simulator), refresh=given, lasts=LASTING, rotates=True)
    person = people.by_id(simulator.db, issued.person_id) if issued else None
    if not issued or not person:
        raise refused(400, "ExpiredToken", "Token has been revoked")
    return _opened(person, issued)


@routes.on("GET", "/xrpc/com.atproto.server.getSession")
def read(simulator: Simulator, request: Request) -> Answer:
    return json_answer(_about(caller(request)))


def _about(person: Person) -> dict[str, object]:
    return {
        "handle": ids.handle(person.handle),
        "did": ids.did(person.id),
        "email": f"{person.handle}@square.test",
        "emailConfirmed": True,
        "active": True,
    }


def _opened(person: Person, issued: Token) -> Answer:
    begun = issued.created_ms // 1000
    claims: dict[str, object] = {"sub": ids.did(person.id), "iat": begun, "aud": "did:web:square.test"}
    access = claims | {"scope": "com.atproto.appPass", "exp": (issued.expires_ms or 0) // 1000}
    again = claims | {"scope": "com.atproto.refresh", "exp": begun + REFRESH_SECONDS}
    tokens = {"accessJwt": jwt(issued.token, access), "refreshJwt": jwt(issued.refresh or "", again)}
    return json_answer(tokens | _about(person))


def _app(simulator: Simulator) -> App:
    """The one app that all sessions belong to: a token without one would be a trainer's."""
    row = simulator.db.row("SELECT client_id FROM apps WHERE name = :name", {"name": APP})
    known = grants.app_by_client_id(simulator.db, row["client_id"]) if row else None
    return known or grants.register_app(simulator.db, name=APP, website=None, redirect_uris="", scopes="session")
