"""The refusals of a real server, in its own words."""

from __future__ import annotations

from simulator.exchange import Refused


def not_found() -> Refused:
    return Refused(404, "Not Found")


def token_invalid(*, revoked: bool = False) -> Refused:
    return Refused(401, "The access token was revoked" if revoked else "The access token is invalid")


def not_allowed() -> Refused:
    return Refused(403, "This action is not allowed")


def invalid(problem: str) -> Refused:
    """`problem` names the field first: "Text can't be blank"."""
    return Refused(422, f"Validation failed: {problem}")
