"""The refusals of X, in its own words and shapes."""

from __future__ import annotations

from simulator.exchange import Refused

PROBLEMS = "https://api.twitter.com/2/problems"
Json = dict[str, object]


def plain(status: int, title: str, detail: str = "") -> Refused:
    """What X says where it has no page of its own about a problem."""
    return Refused.shaped(status, {"title": title, "type": "about:blank", "status": status, "detail": detail or title})


def forbidden(detail: str) -> Refused:
    return plain(403, "Forbidden", detail)


def duplicate() -> Refused:
    return forbidden("You are not allowed to create a Tweet with duplicate content.")


def reply_not_allowed() -> Refused:
    return forbidden(
        "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
        "author of the post you are replying to."
    )


def parent_gone() -> Refused:
    return forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")


def too_long() -> Refused:
    return forbidden("Your Tweet text is too long.")


def invalid(name: str, given: str, message: str) -> Refused:
    """One parameter is wrong."""
    return Refused.shaped(
        400,
        {
            "errors": [{"parameters": {name: [given]}, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": f"{PROBLEMS}/invalid-request",
        },
    )


def missing(parameter: str, identifier: str, kind: str = "tweet") -> Json:
    """One thing that was asked for and is not there: part of an answer that is a 200 all the same."""
    return {
        "value": identifier,
        "detail": f"Could not find {kind} with {parameter}: [{identifier}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": identifier,
        "type": f"{PROBLEMS}/resource-not-found",
    }
