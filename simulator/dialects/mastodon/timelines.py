"""The public timeline and hashtags."""

from __future__ import annotations

from simulator.dialects.mastodon import entities, paging
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import posts

routes = Routes("api")


@routes.on("GET", "/api/v1/timelines/public", scope="read:statuses")
def public(simulator: Simulator, request: Request) -> Answer:
    return _timeline(simulator, request, None)


@routes.on("GET", "/api/v1/timelines/tag/{tag}", scope="read:statuses")
def tagged(simulator: Simulator, request: Request, tag: str) -> Answer:
    return _timeline(simulator, request, tag)


def _timeline(simulator: Simulator, request: Request, tag: str | None) -> Answer:
    window = paging.window(request, default=20, most=40)
    found = posts.public(simulator.db, window, tag=tag)
    shown = [entities.status(simulator, post, request) for post in found]
    return json_answer(
        shown, headers=paging.links(request, [post.id for post in found], more=len(found) == window.limit)
    )
