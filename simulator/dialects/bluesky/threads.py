"""What an AppView shows of one person's posts, and of what stands below one of them."""

from __future__ import annotations

from typing import Any

from simulator.dialects.bluesky import ids, records
from simulator.dialects.bluesky.appview import MOST, view
from simulator.dialects.bluesky.manners import caller, refused
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import posts
from simulator.store.posts import Post, Window

routes = Routes("bluesky:calls")
DEEPEST = 1000
Json = dict[str, Any]


@routes.on("GET", "/xrpc/app.bsky.feed.getAuthorFeed")
def feed(simulator: Simulator, request: Request) -> Answer:
    """Newest first."""
    viewer, actor = caller(request), records.person(simulator, request.text("actor"))
    if not actor:
        raise refused(400, words="Profile not found")
    most = _number(request, "limit", MOST, usual=50)
    window = Window(limit=most, max_id=ids.post_of(request.text("cursor")) or None, network=records.NETWORK)
    found = posts.by_person(simulator.db, actor.id, viewer.id, window)
    further = {"cursor": ids.key_of(found[-1].id)} if len(found) == most else {}
    return json_answer({"feed": [{"post": view(simulator, post)} for post in found], **further})


@routes.on("GET", "/xrpc/app.bsky.feed.getPostThread")
def thread(simulator: Simulator, request: Request) -> Answer:
    caller(request)
    post, depth = records.at(simulator, request.text("uri")), _number(request, "depth", DEEPEST, usual=6)
    if not post:
        raise refused(400, "NotFound", f"Post not found: {request.text('uri')}")
    return json_answer({"thread": _branch(simulator, post, depth)})


def _branch(simulator: Simulator, post: Post, depth: int) -> Json:
    shown: Json = {"$type": "app.bsky.feed.defs#threadViewPost", "post": view(simulator, post)}
    if not depth:
        return shown
    below = [one for one in posts.descendants(simulator.db, post, None) if one.reply_to == post.id]
    return shown | {"replies": [_branch(simulator, one, depth - 1) for one in below]}


def _number(request: Request, name: str, most: int, *, usual: int) -> int:
    asked = request.number(name)
    if asked is not None and not 0 <= asked <= most:
        raise refused(400, words=f"Error: {name} must be between 0 and {most}")
    return usual if asked is None else asked
