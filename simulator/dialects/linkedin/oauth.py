"""Sign-in: an app that was registered by hand, a person who agrees, tokens of sixty days that a year's one renews."""

from __future__ import annotations

from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.oauth import Door
from simulator.routing import Simulator
from simulator.store import grants

ACCESS_SECONDS = 5_184_000
REFRESH_SECONDS = 31_536_000


def _deny(status: int, code: str, words: str) -> Refused:
    return Refused.shaped(status, {"error": code, "error_description": words})


door = Door("/oauth/v2/authorization", lasts=grants.Lasting(ACCESS_SECONDS, renewable=True), rotates=False, deny=_deny)
about = door.routes()


@about.on("POST", "/oauth/v2/accessToken")
def token(simulator: Simulator, request: Request) -> Answer:
    kind = request.text("grant_type")
    if kind == "authorization_code":
        issued = door.redeem(simulator, request)
    elif kind == "refresh_token":
        issued = door.renew(simulator, request)
    else:
        raise _deny(400, "invalid_request", 'A required parameter "grant_type" is missing')
    return json_answer(
        {
            "access_token": issued.token,
            "expires_in": ACCESS_SECONDS,
            "refresh_token": issued.refresh,
            "refresh_token_expires_in": REFRESH_SECONDS,
            "scope": ",".join(issued.scopes.split()),
            "token_type": "Bearer",
        }
    )


@about.on("POST", "/oauth/v2/revoke")
def revoke(simulator: Simulator, request: Request) -> Answer:
    app = door.client(simulator, request)
    given = grants.token(simulator.db, request.text("token"))
    if given and given.app_id == app.id:
        grants.revoke(simulator.db, given.token)
    return Answer(200, b"")
