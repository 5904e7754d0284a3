"""How one network treats its callers: where it looks for their token, how it counts them, and how it says no."""

from __future__ import annotations

from http import HTTPStatus

from simulator.exchange import Refused, Request
from simulator.limits import Reading, Rule
from simulator.store.database import Database


class Manners:
    """The plain ones; a dialect changes what its network does otherwise. `limits` are the real ones, by family."""

    limits: dict[str, Rule] = {}

    def at(self, db: Database) -> Manners:
        """As the square has them at this moment; a dialect whose servers differ asks which one this is."""
        return self

    def token(self, request: Request) -> str:
        """The token that the call carries, or nothing."""
        return request.bearer

    def token_invalid(self, *, revoked: bool = False) -> Refused:
        """The token is unknown, over or (`revoked`) taken back; or there is none."""
        return Refused(401, "The access token was revoked" if revoked else "The access token is invalid")

    def needs_person(self) -> Refused:
        """The token is an app's, and the call needs a person's."""
        return Refused(401, "This method requires an authenticated user")

    def outside_scopes(self) -> Refused:
        return Refused(403, "This action is outside the authorized scopes")

    def not_found(self) -> Refused:
        return Refused(404, "Not Found")

    def too_many(self, reading: Reading) -> Refused:
        return Refused(429, "Too many requests")

    def broken(self, status: int) -> Refused:
        """What a trainer's fault makes of a call: `status`, in the network's own shape."""
        return Refused(status, "Too many requests" if status == 429 else HTTPStatus(status).phrase)

    def rate_headers(self, reading: Reading) -> dict[str, str]:
        """What the answer tells of the limit that it counted against."""
        return {}

    def allows(self, scopes: str, wanted: str) -> bool:
        """Whether a token with `scopes` may do what needs `wanted`."""
        return wanted in scopes.replace(",", " ").split()
