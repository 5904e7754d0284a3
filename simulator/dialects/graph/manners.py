"""Meta's way with its callers."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

from simulator.dialects.graph import errors
from simulator.exchange import Refused, Request
from simulator.limits import Reading, Rule
from simulator.manners import Manners

# The real allowance of a page is 4,800 calls a day for each person who was engaged; a small page's is meant here.
LIMITS = {
    "facebook:calls": Rule(4_800, 86_400),
    "instagram:calls": Rule(4_800, 86_400),
    "instagram:publish": Rule(100, 86_400),
}
BROKEN = {
    401: (
        190,
        "Error validating access token: The session has been invalidated because the user changed the password.",
    ),
    403: (200, "(#200) Permissions error"),
    404: (803, "(#803) Some of the aliases you requested do not exist"),
    429: (4, "(#4) Application request limit reached"),
}


class GraphManners(Manners):
    limits = LIMITS

    def token(self, request: Request) -> str:
        """From the header, or from among the parameters, where most clients put it."""
        return request.bearer or request.text("access_token")

    def token_invalid(self, *, revoked: bool = False) -> Refused:
        if revoked:
            words = "Error validating access token: The user has not authorized application."
            return errors.refusal(190, words, status=401, subcode=458)
        return errors.refusal(190, "Invalid OAuth access token - Cannot parse access token", status=401)

    def needs_person(self) -> Refused:
        words = "An active access token must be used to query information about the current user."
        return errors.refusal(2500, words)

    def outside_scopes(self) -> Refused:
        return errors.refusal(10, "(#10) Application does not have permission for this action", status=403)

    def not_found(self) -> Refused:
        return errors.refusal(2500, "Unknown path components")

    def too_many(self, reading: Reading) -> Refused:
        return errors.refusal(32, "(#32) Page request limit reached", status=403)

    def broken(self, status: int) -> Refused:
        code, words = BROKEN.get(status, (100, "(#100) Invalid parameter"))
        if status >= 500:
            words = "An unexpected error has occurred. Please retry your request later."
            return errors.refusal(2, words, status=status, transient=True)
        return errors.refusal(code, words, status=status)

    def rate_headers(self, reading: Reading) -> dict[str, str]:
        """How many per cent are used up, and in how many minutes calls are answered again."""
        spent = 100 if reading.exceeded else 100 * (reading.limit - reading.remaining) // max(1, reading.limit)
        wait = math.ceil((reading.reset - datetime.now(UTC)).total_seconds() / 60) if reading.exceeded else 0
        usage = {"call_count": spent, "total_cputime": 0, "total_time": 0}
        business = {"business": [{"type": "pages", **usage, "estimated_time_to_regain_access": wait}]}
        return {
            "X-App-Usage": json.dumps(usage),
            "X-Business-Use-Case-Usage": json.dumps(business),
            "facebook-api-version": "v26.0",
        }
