"""LinkedIn's way with its callers."""

from __future__ import annotations

from http import HTTPStatus

from simulator.exchange import Answer, Refused, Request
from simulator.limits import Reading, Rule
from simulator.manners import Manners
from simulator.routing import Routes, Simulator, View

DAY = 86_400  # windows begin on the clock: at midnight, UTC
API = "linkedin:api"
CODES = {400: "ILLEGAL_ARGUMENT", 403: "ACCESS_DENIED", 404: "RESOURCE_NOT_FOUND", 429: "TOO_MANY_REQUESTS"}


def refusal(status: int, code: str, words: str, number: int | None = None, **more: object) -> Refused:
    """`number` is the network's own for an error, where it has one."""
    told: dict[str, object] = {"status": status, "code": code, "message": words, **more}
    return Refused.shaped(status, told | ({"serviceErrorCode": number} if number is not None else {}))


def invalid(field: str, code: str, words: str, *, status: int = 422) -> Refused:
    """The content is refused; `field` says which part of it."""
    where = {"inputPath": {"fieldPath": field}}
    errors = {"inputErrors": [{"description": words, "input": where, "code": code}]}
    kind = "com.linkedin.common.error.BadRequest"
    return Refused.shaped(status, {"status": status, "message": words, "errorDetailType": kind, "errorDetails": errors})


class LinkedInManners(Manners):
    # The real numbers stand in each app's own account; these are generous for one page.
    limits = {API: Rule(100_000, DAY), "linkedin:posts": Rule(150, DAY), "linkedin:comments": Rule(1_000, DAY)}

    def token_invalid(self, *, revoked: bool = False) -> Refused:
        if revoked:
            words = "The token used in the request has been revoked by the user"
            return refusal(401, "REVOKED_ACCESS_TOKEN", words, 65601)
        return refusal(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)

    def needs_person(self) -> Refused:
        return refusal(403, "ACCESS_DENIED", "Not enough permissions to access: member required", 100)

    def outside_scopes(self) -> Refused:
        return refusal(403, "ACCESS_DENIED", "Not enough permissions to access this resource", 100)

    def not_found(self) -> Refused:
        return refusal(404, "RESOURCE_NOT_FOUND", "No virtual resource found", 0)

    def too_many(self, reading: Reading) -> Refused:
        words = "Resource level throttle MEMBER DAY limit for calls to this resource is reached."
        return refusal(429, "TOO_MANY_REQUESTS", words, 101)

    def broken(self, status: int) -> Refused:
        return refusal(status, CODES.get(status, "INTERNAL_SERVER_ERROR"), HTTPStatus(status).phrase)


class RestRoutes(Routes):
    """Versioned calls: each names the version of the API that it speaks."""

    def __init__(self) -> None:
        super().__init__(API)

    def add(self, method: str, path: str, view: View, *, scope: str, family: str | None = None) -> None:
        def versioned(simulator: Simulator, request: Request, **captured: str) -> Answer:
            version = request.headers.get("linkedin-version", "")
            if not version:
                words = "A version must be present. Please specify a version by adding the LinkedIn-Version header."
                raise refusal(400, "VERSION_MISSING", words)
            if len(version) < 6 or not version[:6].isdigit():
                raise refusal(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
            return view(simulator, request, **captured)

        self.on(method, path, scope=scope, signed_in=True, family=family)(versioned)
