"""Sign-in at X: OAuth 2 with PKCE for a confidential client. Tokens last two hours; each renewal brings a new pair."""

from __future__ import annotations

from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.oauth import Door
from simulator.routing import Routes, Simulator
from simulator.store import grants
from simulator.store.grants import Lasting

HOURS_2 = 7200
OFFLINE = "offline.access"


def _deny(status: int, code: str, words: str) -> Refused:
    """X calls a dead grant an invalid request, and tells only in words which part of it."""
    if code == "invalid_client":
        return Refused(401, "unauthorized_client", error_description="Missing valid authorization header")
    part = "token" if "refresh token" in words else "authorization code"
    return Refused(status, "invalid_request", error_description=f"Value passed for the {part} was invalid.")


door = Door("/i/oauth2/authorize", lasts=Lasting(HOURS_2, renewable=True), rotates=True, needs_pkce=True, deny=_deny)
about: Routes = door.routes()


@about.on("POST", "/2/oauth2/token")
def token(simulator: Simulator, request: Request) -> Answer:
    kind = request.text("grant_type")
    if kind == "authorization_code":
        issued = door.redeem(simulator, request)
    elif kind == "refresh_token":
        issued = door.renew(simulator, request)
    else:
        raise Refused(400, "unsupported_grant_type", error_description="Unsupported grant type.")
    told = {
        "token_type": "bearer",
        "expires_in": HOURS_2,
        "access_token": issued.token,
        "scope": issued.scopes,
    }
    return json_answer(told | ({"refresh_token": issued.refresh} if OFFLINE in issued.scopes.split() else {}))


@about.on("POST", "/2/oauth2/revoke")
def revoke(simulator: Simulator, request: Request) -> Answer:
    """Either token of a pair ends both."""
    app, given = door.client(simulator, request), request.text("token")
    row = simulator.db.row("SELECT token FROM tokens WHERE refresh = :given OR token = :given", {"given": given})
    found = grants.token(simulator.db, row["token"]) if row else None
    if not found or found.app_id != app.id:
        raise Refused(400, "invalid_request", error_description="Value passed for the token was invalid.")
    grants.revoke(simulator.db, found.token)
    return json_answer({"revoked": True})
