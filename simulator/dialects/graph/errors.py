"""The refusals of the Graph API, in its own shape and codes."""

from __future__ import annotations

import secrets

from simulator.exchange import Refused


def refusal(
    code: int, message: str, *, status: int = 400, subcode: int | None = None, transient: bool = False,
    kind: str = "OAuthException",
) -> Refused:  # fmt: skip
    error: dict[str, object] = {"message": message, "type": kind, "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    if transient:
        error["is_transient"] = True
    return Refused.shaped(status, {"error": error | {"fbtrace_id": trace()}})


def trace() -> str:
    return "A" + secrets.token_urlsafe(16)


def invalid(words: str) -> Refused:
    return refusal(100, f"(#100) {words}")


def no_such_object(identifier: str, method: str = "GET") -> Refused:
    words = (
        f"Unsupported {method.lower()} request. Object with ID '{identifier}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api"
    )
    return refusal(100, words, subcode=33, kind="GraphMethodException")


def no_such_field(name: str, kind: str) -> Refused:
    return invalid(f"Tried accessing nonexisting field ({name}) on node type ({kind})")


def forbidden(words: str = "Permissions error") -> Refused:
    return refusal(200, f"(#200) {words}", status=403)


def duplicate() -> Refused:
    return refusal(506, "(#506) Duplicate status message", subcode=1455006)


def no_picture() -> Refused:
    return refusal(324, "(#324) Missing or invalid image file")


def cannot_fetch() -> Refused:
    words = "Only photo or video can be accepted as media type."
    return refusal(9004, words, subcode=2207052)


def no_jpeg() -> Refused:
    return refusal(36001, "The image format is not supported.", subcode=2207005)


def not_ready() -> Refused:
    return refusal(9007, "Media ID is not available", subcode=2207027)


def used_up() -> Refused:
    return refusal(9, "Application request limit reached", status=403, subcode=2207042)
