"""Google's sign-in: an hour's token, and one to renew with where lasting access was asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.oauth import Door
from simulator.routing import Simulator
from simulator.store import grants, things
from simulator.store.grants import Lasting, Token

NETWORK = "youtube"
HOUR = 3600


def _deny(status: int, error: str, words: str) -> Refused:
    return Refused(status, error, error_description=words)


@dataclass(frozen=True)
class GooglesDoor(Door):
    """Remembers of each code whether `access_type=offline` was asked for."""

    def answer(self, simulator: Simulator, request: Request) -> Answer:
        answered = super().answer(simulator, request)
        codes = parse_qs(urlsplit(answered.headers.get("Location", "")).query).get("code", [])
        if codes and request.text("access_type") == "offline":
            things.add(simulator.db, network=NETWORK, kind="offline", data={"code": codes[0]})
        return answered

    def redeem(self, simulator: Simulator, request: Request) -> Token:
        asked = things.of(simulator.db, network=NETWORK, kind="offline")
        known = next((one for one in asked if one.data["code"] == request.text("code")), None)
        if known:
            things.remove(simulator.db, known)
        return super(GooglesDoor, replace(self, lasts=Lasting(HOUR, renewable=bool(known)))).redeem(simulator, request)


door = GooglesDoor("/o/oauth2/v2/auth", lasts=Lasting(HOUR), deny=_deny)
about = door.routes()


@about.on("POST", "/token")
def token(simulator: Simulator, request: Request) -> Answer:
    """A renewal gives no new token to renew with: the old one stays."""
    kind = request.text("grant_type")
    if kind == "authorization_code":
        issued = door.redeem(simulator, request)
    elif kind == "refresh_token":
        issued = door.renew(simulator, request)
    else:
        raise _deny(400, "unsupported_grant_type", f"Invalid grant_type: {kind}")
    told: dict[str, object] = {
        "access_token": issued.token,
        "expires_in": HOUR - 1,
        "scope": issued.scopes,
        "token_type": "Bearer",
    }
    if issued.refresh and kind == "authorization_code":
        told["refresh_token"] = issued.refresh
    return json_answer(told)


@about.on("POST", "/revoke")
def revoke(simulator: Simulator, request: Request) -> Answer:
    """Either token ends the whole consent."""
    given = request.text("token")
    row = simulator.db.row(
        "SELECT token FROM tokens WHERE (token = :given OR refresh = :given) AND NOT revoked", {"given": given}
    )
    if not row:
        raise _deny(400, "invalid_token", "Token expired or revoked")
    grants.revoke(simulator.db, row["token"])
    return json_answer({})
