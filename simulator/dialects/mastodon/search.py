"""Search in people, posts and hashtags."""

from __future__ import annotations

from simulator.dialects.mastodon import entities, paging
from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import finds, people, posts

routes = Routes("api")


@routes.on("GET", "/api/v2/search", scope="read:search")
def search(simulator: Simulator, request: Request) -> Answer:
    """Without a person only people are found, and no second page is given: as on the real network."""
    if not request.text("q").strip():
        raise Refused(400, "param is missing or the value is empty or invalid: q")
    if not request.person and (request.number("offset") or request.flag("resolve")):
        raise Refused(401, "Search queries pagination is not supported without authentication")
    kind = request.text("type")
    return json_answer(
        {
            "accounts": _accounts(simulator, request) if kind in {"", "accounts"} else [],
            "statuses": _statuses(simulator, request) if kind in {"", "statuses"} else [],
            "hashtags": [],
            "collections": [],
        }
    )


def _accounts(simulator: Simulator, request: Request) -> list[entities.Json]:
    if request.number("offset"):
        return []
    limit = paging.window(request, default=20, most=40).limit
    return [
        entities.account(simulator, person, request)
        for person in people.matching(simulator.db, request.text("q"), limit)
    ]


def _statuses(simulator: Simulator, request: Request) -> list[entities.Json]:
    if not request.person:
        return []
    if request.text("q").startswith(("https://", "http://")) and request.flag("resolve"):
        return _at(simulator, request, request.text("q"))
    found = finds.posts_matching(
        simulator.db,
        finds.parse(request.text("q")),
        viewer_id=request.person.id,
        window=paging.window(request, default=20, most=40),
        offset=max(0, request.number("offset") or 0),
        person_id=request.number("account_id"),
    )
    return [entities.status(simulator, post, request) for post in found]


def _at(simulator: Simulator, request: Request, url: str) -> list[entities.Json]:
    """The post that people see at an address; nothing where it is none of ours."""
    identifier = url.rstrip("/").rpartition("/")[2]
    viewer = request.person.id if request.person else None
    known = identifier.isdigit() and len(identifier) < 19
    post = posts.by_id(simulator.db, int(identifier), viewer, network="mastodon") if known else None
    shown = [entities.status(simulator, post, request)] if post else []
    return [one for one in shown if url in (one["url"], one["uri"])]
