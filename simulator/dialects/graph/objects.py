"""Single objects by their identifier: look at them, comment on them, delete them."""

from __future__ import annotations

from typing import Any

from simulator.dialects.graph import accounts, errors, lists, nodes
from simulator.dialects.graph.fields import parse, pick
from simulator.dialects.graph.publishing import looked_at as container_looked_at
from simulator.dialects.graph.sight import FACEBOOK, Account, Sight, resolve, root_of, see, wall_of
from simulator.dialects.graph.videos import looked_at, publish
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import posts
from simulator.store.media import Media
from simulator.store.people import Person
from simulator.store.posts import Post
from simulator.store.things import Thing

routes = Routes("facebook:calls")
MOST_CHARACTERS = 8_000


@routes.on("GET", "/v26.0/{node_id}", signed_in=True)
def read(simulator: Simulator, request: Request, node_id: str) -> Answer:
    sight = see(simulator, request)
    return json_answer(_shown(sight, resolve(sight, node_id)))


def _shown(sight: Sight, found: Person | Account | Post | Media | Thing) -> dict[str, Any]:
    fields = parse(sight.request.text("fields"))
    if isinstance(found, Person):
        return pick(nodes.page(sight, found), fields, kind="Page", default=nodes.PAGE_DEFAULT)
    if isinstance(found, Media):
        return pick(nodes.photo(sight, found), fields, kind="Photo")
    if isinstance(found, Post) and found.network == FACEBOOK:
        if found.reply_to:
            return pick(nodes.comment(sight, found), fields, kind="Comment", default=nodes.COMMENT_DEFAULT)
        return pick(nodes.post(sight, found), fields, kind="Post", default=nodes.POST_DEFAULT)
    if isinstance(found, Thing) and found.kind == "video":
        return pick(nodes.video(sight, looked_at(sight, found)), fields, kind="Video")
    if isinstance(found, Thing):
        found = container_looked_at(sight.simulator, found)
    return accounts.shown(sight, found, fields)


@routes.on("POST", "/v26.0/{node_id}", signed_in=True)
def change(simulator: Simulator, request: Request, node_id: str) -> Answer:
    """Publish a film that was uploaded, or write a post of one's own anew."""
    sight = see(simulator, request)
    found = resolve(sight, node_id)
    if isinstance(found, Thing) and found.kind == "video":
        return json_answer(publish(sight, found))
    if not isinstance(found, Post) or found.person_id != sight.person.id or not request.text("message").strip():
        raise errors.forbidden()
    posts.edit(simulator.db, found, request.text("message"))
    return json_answer({"success": True})


@routes.on("DELETE", "/v26.0/{node_id}", signed_in=True)
def delete(simulator: Simulator, request: Request, node_id: str) -> Answer:
    """One's own, and any comment below one's own post, with what stands below it."""
    sight = see(simulator, request)
    found = resolve(sight, node_id)
    if not isinstance(found, Post) or found.network != FACEBOOK:
        raise errors.forbidden("Application does not have permission to delete this object")
    sight.need("pages_manage_engagement" if found.reply_to else "pages_manage_posts")
    page = wall_of(sight, root_of(sight, found))
    if found.person_id != sight.person.id and not (found.reply_to and page == sight.person.id):
        raise errors.forbidden("Application does not have permission to delete this object")
    posts.delete(simulator.db, found)
    return json_answer({"success": True})


@routes.on("GET", "/v26.0/{node_id}/comments", signed_in=True)
def comments(simulator: Simulator, request: Request, node_id: str) -> Answer:
    sight = see(simulator, request)
    found = resolve(sight, node_id)
    if not isinstance(found, Post):
        raise errors.no_such_field("comments", type(found).__name__)
    wanted = lists.asked(sight, "comments")
    wanted = type(wanted)(wanted.name, wanted.args, parse(request.text("fields")))
    if found.network == FACEBOOK:
        sight.need("pages_read_engagement")
        return json_answer(nodes.comments(sight, found, wanted, node_id))
    sight.need("instagram_manage_comments")
    return json_answer(accounts.comments(sight, found, wanted))


@routes.on("POST", "/v26.0/{node_id}/comments", signed_in=True)
def answer(simulator: Simulator, request: Request, node_id: str) -> Answer:
    """Below a post or a comment; an answer to an answer hangs below the topmost comment."""
    sight = see(simulator, request)
    found, text = resolve(sight, node_id), request.text("message")
    if not isinstance(found, Post):
        raise errors.no_such_object(node_id, "POST")
    if found.network != FACEBOOK:
        return json_answer(accounts.commented(sight, found, text))
    sight.need("pages_manage_engagement")
    if not text.strip() or len(text) > MOST_CHARACTERS:
        raise errors.invalid("Invalid parameter: message")
    draft = posts.draft(person_id=sight.person.id, text=text, reply_to=found, network=FACEBOOK)
    made = posts.create(simulator.db, draft)
    request.made = str(made.id)
    return json_answer(pick(nodes.comment(sight, made), parse(request.text("fields")), kind="Comment"))
