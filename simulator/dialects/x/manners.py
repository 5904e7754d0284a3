"""X's way with its callers."""

from __future__ import annotations

from http import HTTPStatus

from simulator.dialects.x import errors
from simulator.exchange import Refused
from simulator.limits import Reading, Rule
from simulator.manners import Manners

QUARTER = 900


class XManners(Manners):
    # Per user and quarter of an hour, as the self-serve tier has them.
    limits = {
        "x:posts": Rule(100, QUARTER),
        "x:deletes": Rule(50, QUARTER),
        "x:reads": Rule(900, QUARTER),
        "x:mentions": Rule(300, QUARTER),
        "x:search": Rule(300, QUARTER),
        "x:me": Rule(75, QUARTER),
        "x:media": Rule(500, QUARTER),
    }

    def token_invalid(self, *, revoked: bool = False) -> Refused:
        return errors.plain(401, "Unauthorized")

    def needs_person(self) -> Refused:
        return errors.plain(
            403, "Unsupported Authentication", "Authenticating with OAuth 2.0 Application-Only is forbidden here."
        )

    def outside_scopes(self) -> Refused:
        return errors.forbidden("Your token does not carry the scope that this call needs.")

    def not_found(self) -> Refused:
        return errors.plain(404, "Not Found")

    def too_many(self, reading: Reading) -> Refused:
        return errors.plain(429, "Too Many Requests")

    def broken(self, status: int) -> Refused:
        return errors.plain(status, HTTPStatus(status).phrase)

    def rate_headers(self, reading: Reading) -> dict[str, str]:
        return {
            "x-rate-limit-limit": str(reading.limit),
            "x-rate-limit-remaining": str(reading.remaining),
            "x-rate-limit-reset": str(int(reading.reset.timestamp())),
        }

    def allows(self, scopes: str, wanted: str) -> bool:
        """Some calls need two scopes."""
        return set(wanted.split()) <= set(scopes.split())
