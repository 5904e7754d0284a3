"""Posts of a page: write, read, list, delete."""

from __future__ import annotations

from typing import Any

from simulator.dialects.linkedin import entities, littletext, media, paging
from simulator.dialects.linkedin.access import acting
from simulator.dialects.linkedin.manners import RestRoutes, invalid, refusal
from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.routing import Simulator
from simulator.store import people, posts
from simulator.store.database import now_ms
from simulator.store.posts import Post, Window

routes = RestRoutes()
LONGEST = 3_000
REMEMBERED_MS = 86_400_000  # that long the same text is refused
EVERYTHING = 1_000_000


def _create(simulator: Simulator, request: Request) -> Answer:
    page = acting(simulator, request, str(request.json.get("author", "")))
    text = _text(request)
    content = request.json.get("content")
    attached = media.attached(simulator, page, content)
    if not text.strip() and not attached and not content:
        raise invalid("/commentary", "MISSING_FIELD", "A post has to have commentary or content")
    if not attached:
        _refuse_duplicate(simulator, page, text, content)
    draft = posts.draft(person_id=page.id, text=text, network=entities.NETWORK, extra={"content": content or {}})
    made = posts.create(simulator.db, draft, attached)
    request.made = str(made.id)
    headers = {"x-restli-id": entities.share_urn(made.id), "x-linkedin-id": entities.share_urn(made.id)}
    return Answer(201, b"", {"Cache-Control": "private, no-store", **headers})


def _text(request: Request) -> str:
    commentary = request.json.get("commentary", "")
    if not isinstance(commentary, str):
        raise invalid("/commentary", "UNPROCESSABLE", "commentary has to be a string", status=400)
    if request.json.get("lifecycleState") != "PUBLISHED" or request.json.get("visibility") != "PUBLIC":
        raise invalid("/lifecycleState", "MISSING_FIELD", "lifecycleState and visibility are required", status=400)
    text = littletext.read(commentary)
    if len(text) > LONGEST:
        words = f"Text length exceeded the maximum allowed ({LONGEST} characters)"
        raise invalid("/commentary", "FIELD_LENGTH_TOO_LONG", words)
    return text


def _refuse_duplicate(simulator: Simulator, page: people.Person, text: str, content: object) -> None:
    since = now_ms() - REMEMBERED_MS
    for known in posts.with_text(simulator.db, text):
        same = known.network == entities.NETWORK and known.person_id == page.id and known.reply_to_person is None
        if same and known.created_ms > since and known.extra.get("content") == (content or {}):
            words = f"Content is a duplicate of {entities.share_urn(known.id)}"
            raise duplicate(words)


def duplicate(words: str) -> Refused:
    error: dict[str, Any] = {"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}
    return Refused.shaped(
        422,
        {
            "errorDetailType": "com.linkedin.common.error.BadRequest",
            "message": f"com.linkedin.content.common.exception.BadRequestResponseException: {words}",
            "errorDetails": {"inputErrors": [error]},
            "status": 422,
        },
    )


def _read(simulator: Simulator, request: Request, urn: str) -> Answer:
    return json_answer(entities.post(simulator, entities.post_named(simulator, urn)))


def _of_author(simulator: Simulator, request: Request) -> Answer:
    """A page's posts, newest first."""
    if request.text("q") != "author":
        raise refusal(400, "ILLEGAL_ARGUMENT", "q must be author")
    page = acting(simulator, request, request.text("author"))
    until = now_ms() - request.lag_ms if request.lag_ms else None
    window = Window(limit=EVERYTHING, until_ms=until, network=entities.NETWORK)
    every = [one for one in posts.by_person(simulator.db, page.id, page.id, window) if one.reply_to_person is None]
    start, count = paging.slice_of(request)
    shown: list[object] = [entities.post(simulator, one) for one in every[start : start + count]]
    return json_answer(paging.answer(request, shown, len(every)))


def _delete(simulator: Simulator, request: Request, urn: str) -> Answer:
    """Done, whether it was there or not: as on the real network."""
    try:
        post: Post | None = entities.post_named(simulator, urn)
    except Refused:
        post = None
    if post:
        acting(simulator, request, f"urn:li:organization:{post.person_id}")
        posts.delete(simulator.db, post)
    return Answer(204, b"")


def _activities(simulator: Simulator, request: Request) -> Answer:
    """Which post people see as an activity."""
    results: entities.Json = {}
    for urn in request.text("ids").removeprefix("List(").removesuffix(")").split(","):
        try:
            results[urn] = {"domainEntity": entities.share_urn(entities.post_named(simulator, urn).id)}
        except Refused:
            continue
    return json_answer({"results": results, "statuses": {}, "errors": {}})


routes.add("POST", "/rest/posts", _create, scope="w_organization_social", family="linkedin:posts")
routes.add("GET", "/rest/posts", _of_author, scope="r_organization_social")
routes.add("GET", "/rest/posts/{urn}", _read, scope="r_organization_social")
routes.add("DELETE", "/rest/posts/{urn}", _delete, scope="w_organization_social")
routes.on("GET", "/v2/activities", scope="r_organization_social", signed_in=True)(_activities)
