"""Comments below a post, and below a comment: one level deep."""

from __future__ import annotations

from simulator.dialects.linkedin import entities, paging
from simulator.dialects.linkedin.access import acting
from simulator.dialects.linkedin.manners import RestRoutes, invalid
from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.routing import Square
from simulator.store import posts
from simulator.store.database import now_ms

routes = RestRoutes()
LONGEST = 1_250


def _target(square: Square, urn: str) -> posts.Post:
    return entities.comment_named(square, urn) if ":comment:" in urn else entities.post_named(square, urn)


def _create(square: Square, request: Request, urn: str) -> Answer:
    page = acting(square, request, str(request.json.get("actor", "")))
    message = request.json.get("message")
    text = str(message.get("text", "")) if isinstance(message, dict) else ""
    if not text.strip():
        raise invalid("/message/text", "MISSING_FIELD", "A comment has to have a text", status=400)
    if len(text) > LONGEST:
        words = f"Comment text length exceeded the maximum allowed ({LONGEST} characters)"
        raise invalid("/message/text", "FIELD_LENGTH_TOO_LONG", words)
    parent = _target(square, urn)
    above = request.json.get("parentComment")
    if parent.reply_to is not None and (above != urn or entities.top_of(square, parent) != parent.id):
        raise invalid("/parentComment", "INVALID_PARENT", "parentComment has to be a first-level comment", status=400)
    draft = posts.draft(person_id=page.id, text=text, reply_to=parent, network=entities.NETWORK)
    made = posts.create(square.db, draft)
    request.made = str(made.id)
    return json_answer(entities.comment(square, made), 201, {"x-restli-id": str(made.id)})


def _below(square: Square, request: Request, urn: str) -> Answer:
    """First-level comments of a post, or the answers to a comment, newest first."""
    parent = _target(square, urn)
    horizon = now_ms() - request.lag_ms if request.lag_ms else None
    below = posts.descendants(square.db, parent, None)
    nested = parent.reply_to is not None
    direct = [one for one in below if nested or one.reply_to == parent.id]
    every = sorted(
        (one for one in direct if horizon is None or one.created_ms <= horizon), key=lambda one: -one.created_ms
    )
    start, count = paging.slice_of(request)
    shown: list[object] = [entities.comment(square, one) for one in every[start : start + count]]
    return json_answer(paging.answer(request, shown, len(every)))


def _read(square: Square, request: Request, urn: str, number: str) -> Answer:
    return json_answer(entities.comment(square, entities.comment_below(square, urn, number)))


def _delete(square: Square, request: Request, urn: str, number: str) -> Answer:
    comment = entities.comment_below(square, urn, number)
    page = acting(square, request, request.text("actor"))
    if comment.person_id != page.id:
        raise Refused.shaped(403, {"status": 403, "code": "ACCESS_DENIED", "message": "not your comment"})
    posts.delete(square.db, comment)
    return Answer(204, b"")


def _summary(square: Square, request: Request, urn: str) -> Answer:
    found = _target(square, urn)
    return json_answer({"$URN": urn, "target": urn, **entities.summary(square, found)})


COMMENTS = "/rest/socialActions/{urn}/comments"
routes.add("POST", COMMENTS, _create, scope="w_organization_social", family="linkedin:comments")
routes.add("GET", COMMENTS, _below, scope="r_organization_social")
routes.add("GET", COMMENTS + "/{number}", _read, scope="r_organization_social")
routes.add("DELETE", COMMENTS + "/{number}", _delete, scope="w_organization_social")
routes.add("GET", "/rest/socialActions/{urn}", _summary, scope="r_organization_social")
