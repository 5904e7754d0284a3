"""Comments below videos, and the answers to them: threads of one level."""

from __future__ import annotations

from typing import Any

from simulator.dialects.youtube import entities, ids, threads
from simulator.dialects.youtube.lists import page, part_of
from simulator.dialects.youtube.manners import refused
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import people, posts
from simulator.store.people import Person
from simulator.store.posts import Post

routes = Routes("youtube:units")
MAX_TEXT = 10_000
DOMAIN = "youtube.comment"
PUBLISHED = "published"


@routes.on("GET", "/youtube/v3/commentThreads", scope="comments", signed_in=True)
def read_threads(simulator: Simulator, request: Request) -> Answer:
    """By `id`, below a `videoId`, or all that concern a channel; newest first."""
    if request.text("id"):
        found = [threads.standing(simulator, ids.post_of_comment(one)) for one in request.text("id").split(",")]
        items = [_thread(simulator, post, request) for post in found if post]
        shown = [item for item in items if item]
        return json_answer(entities.listing("commentThread", shown, most=len(shown) or 20))
    part = part_of(request, default=20, most=100)
    if request.text("videoId"):
        video = threads.standing(simulator, ids.post_of_video(request.text("videoId")))
        if not video or not threads.is_video(simulator, video):
            raise refused(404, "videoNotFound", "The video identified by the videoId parameter could not be found.")
        tops = threads.threads_below(simulator, video.id, part)
    elif request.text("allThreadsRelatedToChannelId"):
        person = people.by_id(simulator.db, ids.person_of(request.text("allThreadsRelatedToChannelId")))
        if not person:
            raise refused(404, "channelNotFound", "The channel specified could not be found.")
        if request.text("moderationStatus", PUBLISHED) != PUBLISHED:
            return _held(simulator, request, person)
        tops = threads.threads_about(simulator, person.id, part)
    else:
        words = "No filter selected. Expected one of: id, videoId, allThreadsRelatedToChannelId"
        raise refused(400, "missingRequiredParameter", words)
    kept, more = page(tops, part)
    items = [_thread(simulator, post, request) for post in kept]
    listed = entities.listing("commentThread", [one for one in items if one], most=part.most - 1, more=more)
    return json_answer(listed)


def _held(simulator: Simulator, request: Request, person: Person) -> Answer:
    """All on one page: what is held back is for whoever owns the channel, and bare here of all but its id."""
    if not request.person or request.person.id != person.id:
        raise refused(403, domain=DOMAIN)
    found = threads.held_threads(simulator, person.id, request.text("moderationStatus"))
    items = [entities.resource("commentThread", ids.comment(post.id), {}) for post in found]
    return json_answer(entities.listing("commentThread", items, most=max(len(items), 1)))


@routes.on("POST", "/youtube/v3/comments/setModerationStatus", scope="comments", signed_in=True)
def moderate(simulator: Simulator, request: Request) -> Answer:
    status = request.text("moderationStatus")
    for one in request.text("id").split(","):
        post = posts.by_id(simulator.db, ids.post_of_comment(one), network=threads.NETWORK)
        if not post:
            raise refused(404, "commentNotFound", "The specified comment could not be found.", DOMAIN)
        post.extra[threads.MODERATION] = "" if status == PUBLISHED else status
        posts.edit(simulator.db, post, post.text)
    return Answer(204, b"")


def _thread(simulator: Simulator, post: Post, request: Request) -> entities.Json | None:
    place = threads.place(simulator, post)
    return entities.thread(simulator, place, request) if place and place.is_top(post) else None


@routes.on("GET", "/youtube/v3/comments", scope="comments", signed_in=True)
def read_comments(simulator: Simulator, request: Request) -> Answer:
    """By `id`, or the answers below a `parentId`, newest first."""
    if request.text("id"):
        found = [threads.standing(simulator, ids.post_of_comment(one)) for one in request.text("id").split(",")]
        listed = entities.listing("comment", _shown(simulator, [post for post in found if post], request), most=0)
        del listed["pageInfo"]
        return json_answer(listed)
    part = part_of(request, default=20, most=100)
    top, _ = _top(simulator, request.text("parentId"))
    said = [
        post
        for post in threads.answers(simulator, top)
        if post.id < part.values["before"] and post.created_ms <= part.values["until"]
    ]
    kept, more = page(said[: part.most], part)
    items = _shown(simulator, kept, request)
    return json_answer(entities.listing("comment", items, most=part.most - 1, more=more, total=False))


def _shown(simulator: Simulator, found: list[Post], request: Request) -> list[entities.Json]:
    placed = ((post, threads.place(simulator, post)) for post in found)
    return [entities.comment(simulator, post, place, request) for post, place in placed if place]


def _top(simulator: Simulator, comment_id: str) -> tuple[Post, threads.Place]:
    """A top-level comment; an answer begins no thread."""
    post = threads.standing(simulator, ids.post_of_comment(comment_id))
    place = threads.place(simulator, post) if post else None
    if not post or not place or not place.is_top(post) or ids.comment(post.id) != comment_id:
        raise refused(404, "parentCommentNotFound", "The specified parent comment could not be found.", DOMAIN)
    return post, place


@routes.on("POST", "/youtube/v3/commentThreads", scope="comments", signed_in=True)
def begin_thread(simulator: Simulator, request: Request) -> Answer:
    snippet = _inner(request.json, "snippet")
    video = threads.standing(simulator, ids.post_of_video(str(snippet.get("videoId") or "")))
    if not video or not threads.is_video(simulator, video):
        raise refused(404, "videoNotFound", "The video identified by the videoId parameter could not be found.")
    post = _say(simulator, request, _inner(_inner(snippet, "topLevelComment"), "snippet"), video)
    return json_answer(_thread(simulator, post, request))


@routes.on("POST", "/youtube/v3/comments", scope="comments", signed_in=True)
def answer(simulator: Simulator, request: Request) -> Answer:
    snippet = _inner(request.json, "snippet")
    top, place = _top(simulator, str(snippet.get("parentId") or ""))
    post = _say(simulator, request, snippet, top)
    return json_answer(entities.comment(simulator, post, place, request))


def _say(simulator: Simulator, request: Request, snippet: dict[str, Any], above: Post) -> Post:
    assert request.person is not None
    text = str(snippet.get("textOriginal") or "")
    if not text.strip():
        raise refused(400, "commentTextRequired", "The comment must contain text.", DOMAIN)
    if len(text) > MAX_TEXT:
        raise refused(400, "commentTextTooLong", "The comment text is too long.", DOMAIN)
    post = posts.create(
        simulator.db,
        posts.draft(
            person_id=request.person.id,
            text=text,
            language=request.person.language or None,
            reply_to=above,
            app_id=request.token.app_id if request.token else None,
            network=threads.NETWORK,
        ),
    )
    request.made = str(post.id)
    return post


def _inner(given: dict[str, Any], name: str) -> dict[str, Any]:
    found = given.get(name)
    return found if isinstance(found, dict) else {}


@routes.on("DELETE", "/youtube/v3/comments", scope="comments", signed_in=True)
def delete(simulator: Simulator, request: Request) -> Answer:
    post = threads.standing(simulator, ids.post_of_comment(request.text("id")))
    if not post or not threads.place(simulator, post):
        raise refused(404, "commentNotFound", "The specified comment could not be found.", DOMAIN)
    if not request.person or post.person_id != request.person.id:
        raise refused(403, domain=DOMAIN)
    threads.take_away(simulator, post)
    return Answer(204, b"")
