"""A Personal Data Server's way with its callers: errors by name, tokens as JWTs, limits in RateLimit headers."""

from __future__ import annotations

import base64
import json

from simulator.exchange import Refused, Request
from simulator.limits import Reading, Rule
from simulator.manners import Manners
from simulator.store.people import Person

NAMES = {
    400: ("InvalidRequest", "Invalid request"),
    401: ("AuthMissing", "Authentication Required"),
    403: ("Forbidden", "Forbidden"),
    404: ("NotFound", "Not Found"),
    413: ("PayloadTooLarge", "request entity too large"),
    429: ("RateLimitExceeded", "Rate Limit Exceeded"),
    501: ("MethodNotImplemented", "Method Not Implemented"),
    502: ("UpstreamFailure", "Upstream Failure"),
    503: ("NotEnoughResources", "Not Enough Resources"),
    504: ("UpstreamTimeout", "Upstream Timeout"),
}


UNTOLD = "bluesky:untold_answers"  # an answer is shown where it stands, and nobody is told of it
REFRESH = "/xrpc/com.atproto.server.refreshSession"


def refused(status: int, name: str = "", words: str = "") -> Refused:
    usual = NAMES.get(status, ("InternalServerError", "Internal Server Error"))
    return Refused(status, name or usual[0], message=words or usual[1])


def caller(request: Request) -> Person:
    """Who calls; whoever brings no token at all is refused otherwise than with a wrong one."""
    if not request.person:
        raise refused(401)
    return request.person


def jwt(secret: str, claims: dict[str, object]) -> str:
    """A token that a client can read the end of; its signature is the square's own token."""
    coded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (HEAD, claims))
    return ".".join((*coded, secret))


HEAD: dict[str, object] = {"typ": "at+jwt", "alg": "HS256"}


class BlueskyManners(Manners):
    limits = {
        "bluesky:calls": Rule(3000, 300),
        "bluesky:sessions": Rule(30, 300),
        "bluesky:writes": Rule(1666, 3600),  # 5,000 points, of which a record costs three
    }

    def token(self, request: Request) -> str:
        """The last part of a JWT; a trainer's standing token is taken as it is. A token to refresh with is not one."""
        if request.path == REFRESH:
            return ""
        return request.bearer.rpartition(".")[2]

    def token_invalid(self, *, revoked: bool = False) -> Refused:
        return refused(400, "ExpiredToken" if revoked else "InvalidToken", "Token could not be verified")

    def needs_person(self) -> Refused:
        return refused(401)

    def outside_scopes(self) -> Refused:
        return refused(403, "InvalidToken", "Bad token scope")

    def not_found(self) -> Refused:
        return refused(501)

    def too_many(self, reading: Reading) -> Refused:
        return refused(429)

    def broken(self, status: int) -> Refused:
        return refused(status)

    def rate_headers(self, reading: Reading) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(reading.limit),
            "RateLimit-Remaining": str(reading.remaining),
            "RateLimit-Reset": str(int(reading.reset.timestamp())),
        }
