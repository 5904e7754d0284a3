"""Posts: write, read, thread, like, delete."""

from __future__ import annotations

import html
import time

from simulator import text
from simulator.dialects.mastodon import entities, errors
from simulator.dialects.mastodon.ways import ways_of
from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import media, posts
from simulator.store.posts import Post

routes = Routes("api")
MAX_MEDIA = 4


@routes.on("POST", "/api/v1/statuses", scope="write:statuses", signed_in=True, family="posts")
def create(simulator: Simulator, request: Request) -> Answer:
    """Write a post. A repeated Idempotency-Key answers with the first post.

    As on the real network the key is remembered only after the post is there: two calls at the same moment both write.
    """
    person = request.person
    assert person is not None
    key = request.headers.get("idempotency-key", "")
    key = key if ways_of(simulator.db).keeps_keys else ""
    known = posts.remembered(simulator.db, person.id, key) if key else None
    if known:
        return json_answer(entities.status(simulator, known, request))
    attached = _attached(simulator, request)
    post = posts.create(simulator.db, _checked(simulator, request, bool(attached)), attached)
    request.made = str(post.id)
    if key:
        time.sleep(request.key_delay)
        posts.remember(simulator.db, person.id, key, post)
    return json_answer(entities.status(simulator, post, request))


def _checked(simulator: Simulator, request: Request, has_media: bool) -> Post:
    assert request.person is not None
    ways = ways_of(simulator.db)
    written, spoiler = request.text("status"), request.text("spoiler_text")
    if not written.strip() and not has_media:
        raise errors.invalid("Text can't be blank")
    length = len if ways.counts_raw else text.length
    if length(written) + length(spoiler) > text.MAX_CHARACTERS:
        raise errors.invalid(f"Text character limit of {text.MAX_CHARACTERS} exceeded")
    visibility = request.text("visibility") or ways.visibility
    if visibility not in {"public", "unlisted", "private", "direct"}:
        raise errors.invalid("Visibility is not included in the list")
    parent = None
    if request.text("in_reply_to_id"):
        parent = posts.by_id(simulator.db, request.number("in_reply_to_id") or 0, request.person.id, network="mastodon")
        if not parent and not ways.drops_parents:
            raise Refused(404, "The post you are trying to reply to does not appear to exist.")
    return posts.draft(
        person_id=request.person.id,
        text=html.unescape(written) if ways.takes_entities else written,
        spoiler=spoiler,
        language=request.text("language") or request.person.language or "en",
        visibility=visibility,
        sensitive=request.flag("sensitive") or bool(spoiler),
        reply_to=parent,
        app_id=request.token.app_id if request.token else None,
    )


def _attached(simulator: Simulator, request: Request) -> tuple[int, ...]:
    """Identifiers of the caller's own uploads that are not part of a post yet."""
    given = request.texts("media_ids")
    if len(given) > MAX_MEDIA:
        raise errors.invalid("Cannot attach more than 4 files")
    identifiers = [int(value) if value.isdigit() else 0 for value in given]
    chosen = [media.by_id(simulator.db, identifier) for identifier in identifiers]
    if len(chosen) > 1 and any(one and one.mime.startswith("video/") for one in chosen):
        raise errors.invalid("Cannot attach a video to a post that already contains images")
    for identifier in identifiers:
        found = media.by_id(simulator.db, identifier)
        if not found or found.post_id or not request.person or found.person_id != request.person.id:
            raise errors.invalid(f"Media not found for ids: {identifier}")
    return tuple(identifiers)


def seen(simulator: Simulator, request: Request, status_id: str) -> Post:
    """The post that the caller may see; 404 otherwise."""
    viewer = request.person.id if request.person else None
    known = status_id.isdigit() and len(status_id) < 19
    post = posts.by_id(simulator.db, int(status_id), viewer, network="mastodon") if known else None
    if not post:
        raise errors.not_found()
    return post


@routes.on("GET", "/api/v1/statuses/{status_id}", scope="read:statuses")
def read(simulator: Simulator, request: Request, status_id: str) -> Answer:
    return json_answer(entities.status(simulator, seen(simulator, request, status_id), request))


@routes.on("GET", "/api/v1/statuses", scope="read:statuses")
def read_many(simulator: Simulator, request: Request) -> Answer:
    """Several posts by identifier; those out of sight are left out."""
    viewer = request.person.id if request.person else None
    wanted = [int(value) for value in request.texts("id")[:40] if value.isdigit()]
    seen_ = (posts.by_id(simulator.db, identifier, viewer, network="mastodon") for identifier in wanted)
    found = [post for post in seen_ if post]
    return json_answer([entities.status(simulator, post, request) for post in found])


@routes.on("GET", "/api/v1/statuses/{status_id}/context", scope="read:statuses")
def context(simulator: Simulator, request: Request, status_id: str) -> Answer:
    post = seen(simulator, request, status_id)
    viewer = request.person.id if request.person else None
    above, below = posts.ancestors(simulator.db, post, viewer), posts.descendants(simulator.db, post, viewer)
    return json_answer(
        {
            "ancestors": [entities.status(simulator, found, request) for found in above],
            "descendants": [entities.status(simulator, found, request) for found in below],
        }
    )


@routes.on("GET", "/api/v1/statuses/{status_id}/source", scope="read:statuses", signed_in=True)
def source(simulator: Simulator, request: Request, status_id: str) -> Answer:
    post = seen(simulator, request, status_id)
    return json_answer({"id": str(post.id), "text": post.text, "spoiler_text": post.spoiler})


@routes.on("DELETE", "/api/v1/statuses/{status_id}", scope="write:statuses", signed_in=True, family="deletes")
def delete(simulator: Simulator, request: Request, status_id: str) -> Answer:
    """Delete one's own post; somebody else's is not found."""
    post = seen(simulator, request, status_id)
    if not request.person or post.person_id != request.person.id:
        raise errors.token_invalid() if ways_of(simulator.db).drops_parents else errors.not_found()
    shown = entities.deleted_status(simulator, post, request)
    posts.delete(simulator.db, post)
    return json_answer(shown)


@routes.on("POST", "/api/v1/statuses/{status_id}/favourite", scope="write:favourites", signed_in=True)
def favourite(simulator: Simulator, request: Request, status_id: str) -> Answer:
    post = seen(simulator, request, status_id)
    assert request.person is not None
    posts.favour(simulator.db, post, request.person.id)
    return json_answer(entities.status(simulator, post, request))


@routes.on("POST", "/api/v1/statuses/{status_id}/unfavourite", scope="write:favourites", signed_in=True)
def unfavourite(simulator: Simulator, request: Request, status_id: str) -> Answer:
    post = seen(simulator, request, status_id)
    assert request.person is not None
    posts.unfavour(simulator.db, post, request.person.id)
    return json_answer(entities.status(simulator, post, request))
