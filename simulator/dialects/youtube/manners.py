"""YouTube's way with its callers: Google's errors, and a quota of a day instead of rate headers."""

from __future__ import annotations

from simulator.exchange import Refused
from simulator.limits import Reading, Rule
from simulator.manners import Manners

DAY = 86_400
SCOPES = "https://www.googleapis.com/auth/youtube"
FULL = (SCOPES, f"{SCOPES}.force-ssl")
# What each kind of call takes; any of the scopes will do.
KINDS = {
    "read": (*FULL, f"{SCOPES}.readonly"),
    "upload": (*FULL, f"{SCOPES}.upload"),
    "write": FULL,
    "comments": (f"{SCOPES}.force-ssl",),
}
STATUSES = {
    400: ("INVALID_ARGUMENT", "badRequest", "Request contains an invalid argument."),
    401: ("UNAUTHENTICATED", "authError", "Invalid Credentials"),
    403: ("PERMISSION_DENIED", "forbidden", "Access forbidden. The request may not be properly authorized."),
    404: ("NOT_FOUND", "notFound", "Requested entity was not found."),
    409: ("ALREADY_EXISTS", "conflict", "The resource already exists."),
    429: ("RESOURCE_EXHAUSTED", "rateLimitExceeded", "Quota exceeded for quota metric 'Queries'."),
    500: ("INTERNAL", "backendError", "Internal error encountered."),
    503: ("UNAVAILABLE", "backendError", "The service is currently unavailable."),
}


def refused(status: int, reason: str = "", words: str = "", domain: str = "youtube.api") -> Refused:
    """A refusal in Google's shape."""
    name, usual, said = STATUSES.get(status, ("UNKNOWN", "backendError", "Unknown error."))
    first: dict[str, object] = {"message": words or said, "domain": domain, "reason": reason or usual}
    if status == 401:
        first |= {"location": "Authorization", "locationType": "header"}
    error: dict[str, object] = {"code": status, "message": words or said, "errors": [first], "status": name}
    return Refused.shaped(status, {"error": error})


class YoutubeManners(Manners):
    # A call of any kind is counted as one unit here; the real network counts up to fifty for those that change a thing.
    limits = {
        "youtube:units": Rule(10_000, DAY),
        "youtube:uploads": Rule(100, DAY),
        "youtube:searches": Rule(100, DAY),
    }

    def token_invalid(self, *, revoked: bool = False) -> Refused:
        words = "Request had invalid authentication credentials. Expected OAuth 2 access token."
        return refused(401, "authError", words, "global")

    def needs_person(self) -> Refused:
        return refused(401, "youtubeSignupRequired", "Unauthorized", "youtube.header")

    def outside_scopes(self) -> Refused:
        words = "Request had insufficient authentication scopes."
        return refused(403, "insufficientPermissions", words, "global")

    def not_found(self) -> Refused:
        return refused(404)

    def too_many(self, reading: Reading) -> Refused:
        words = "The request cannot be completed because you have exceeded your quota."
        return refused(403, "quotaExceeded", words, "youtube.quota")

    def broken(self, status: int) -> Refused:
        return refused(status, domain="global")

    def allows(self, scopes: str, wanted: str) -> bool:
        return bool(set(KINDS[wanted]) & set(scopes.split()))
