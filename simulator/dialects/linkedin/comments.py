"""Comments below a post, and below a comment: one level deep."""

from __future__ import annotations

from simulator.dialects.linkedin import entities, paging
from simulator.dialects.linkedin.access import acting
from simulator.dialects.linkedin.manners import RestRoutes, invalid
from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.routing import Simulator
from simulator.store import posts
from simulator.store.database import now_ms

routes = RestRoutes()
LONGEST = 1_250


def _target(simulator: Simulator, urn: str) -> posts.Post:
    return entities.comment_named(simulator, urn) if ":comment:" in urn else entities.post_named(simulator, urn)


def _create(simulator: Simulator, request: Request, urn: str) -> Answer:
    page = acting(simulator, request, str(request.json.get("actor", "")))
    message = request.json.get("message")
    text = str(message.get("text", "")) if isinstance(message, dict) else ""
    if not text.strip():
        raise invalid("/message/text", "MISSING_FIELD", "A comment has to have a text", status=400)
    if len(text) > LONGEST:
        words = f"Comment text length exceeded the maximum allowed ({LONGEST} characters)"
        raise invalid("/message/text", "FIELD_LENGTH_TOO_LONG", words)
    parent = _target(simulator, urn)
    above = request.json.get("parentComment")
    if parent.reply_to is not None and (above != urn or entities.top_of(simulator, parent) != parent.id):
        raise invalid("/parentComment", "INVALID_PARENT", "parentComment has to be a first-level comment", status=400)
    draft = posts.draft(person_id=page.id, text=text, reply_to=parent, network=entities.NETWORK)
    made = posts.create(simulator.db, draft)
    request.made = str(made.id)
    return json_answer(entities.comment(simulator, made), 201, {"x-restli-id": str(made.id)})


def _below(simulator: Simulator, request: Request, urn: str) -> Answer:
    """First-level comments of a post, or the answers to a comment, newest first."""
    parent = _target(simulator, urn)
    horizon = now_ms() - request.lag_ms if request.lag_ms else None
    below = posts.descendants(simulator.db, parent, None)
    nested = parent.reply_to is not None
    direct = [one for one in below if nested or one.reply_to == parent.id]
    every = sorted(
        (one for one in direct if horizon is None or one.created_ms <= horizon), key=lambda one: -one.created_ms
    )
    start, count = paging.slice_of(request)
    shown: list[object] = [entities.comment(simulator, one) for one in every[start : start + count]]
    return json_answer(paging.answer(request, shown, len(every)))


def _read(simulator: Simulator, request: Request, urn: str, number: str) -> Answer:
    return json_answer(entities.comment(simulator, entities.comment_below(simulator, urn, number)))


def _delete(simulator: Simulator, request: Request, urn: str, number: str) -> Answer:
    comment = entities.comment_below(simulator, urn, number)
    page = acting(simulator, request, request.text("actor"))
    if comment.person_id != page.id:
        raise Refused.shaped(403, {"status": 403, "code": "ACCESS_DENIED", "message": "not your comment"})
    posts.delete(simulator.db, comment)
    return Answer(204, b"")


def _summary(simulator: Simulator, request: Request, urn: str) -> Answer:
    found = _target(simulator, urn)
    return json_answer({"$URN": urn, "target": urn, **entities.summary(simulator, found)})


COMMENTS = "/rest/socialActions/{urn}/comments"
routes.add("POST", COMMENTS, _create, scope="w_organization_social", family="linkedin:comments")
routes.add("GET", COMMENTS, _below, scope="r_organization_social")
routes.add("GET", COMMENTS + "/{number}", _read, scope="r_organization_social")
routes.add("DELETE", COMMENTS + "/{number}", _delete, scope="w_organization_social")
routes.add("GET", "/rest/socialActions/{urn}", _summary, scope="r_organization_social")
