"""What an AppView adds to bare repositories: who is told of what, search, and counts."""

from __future__ import annotations

from typing import Any

from simulator.dialects.bluesky import ids, records
from simulator.dialects.bluesky.manners import caller, refused
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import finds, people, posts
from simulator.store import notifications as told
from simulator.store.database import now_ms
from simulator.store.people import Person
from simulator.store.posts import Post, Window

routes = Routes("bluesky:calls")
MOST = 100
AT_ONCE = 25
Json = dict[str, Any]


@routes.on("GET", "/xrpc/app.bsky.notification.listNotifications")
def notifications(simulator: Simulator, request: Request) -> Answer:
    """Answers to a person's posts and posts that name them, in the order in which they came to be known."""
    person, most, wanted = caller(request), _limit(request), set(request.texts("reasons"))
    window = Window(
        limit=most,
        max_id=request.number("cursor"),
        until_ms=now_ms() - request.lag_ms,
        network=records.NETWORK,
    )
    found = told.of(simulator.db, person.id, window, kinds=["mention"], without=[])
    notes = (_notification(simulator, one) for one in found)
    shown: Json = {
        "notifications": [note for note in notes if note and note["reason"] in (wanted or {note["reason"]})],
        "priority": False,
        "seenAt": records.instant(now_ms()),
    }
    return json_answer(shown | ({"cursor": str(found[-1].id)} if len(found) == most else {}))


def _notification(simulator: Simulator, found: told.Notification) -> Json | None:
    post = posts.by_id(simulator.db, found.post_id, found.person_id) if found.post_id else None
    if not post:
        return None
    reason = "reply" if post.reply_to_person == found.person_id else "mention"
    shown: Json = {
        **records.strong_ref(simulator, post),
        "author": _author(simulator, post),
        "reason": reason,
        "record": records.record(simulator, post),
        "isRead": False,
        "indexedAt": records.instant(found.seen_ms),
        "labels": [],
    }
    parent = posts.by_id(simulator.db, post.reply_to) if post.reply_to else None
    return shown | ({"reasonSubject": records.uri(parent)} if parent and reason == "reply" else {})


@routes.on("GET", "/xrpc/app.bsky.feed.searchPosts")
def search(simulator: Simulator, request: Request) -> Answer:
    most = _limit(request)
    window = Window(
        limit=most,
        max_id=ids.post_of(request.text("cursor")) or None,
        until_ms=now_ms() - request.lag_ms,
        network=records.NETWORK,
    )
    query = finds.parse(request.text("q"))
    found = finds.posts_matching(simulator.db, query, viewer_id=caller(request).id, window=window)
    shown = {"posts": [view(simulator, post) for post in found], "hitsTotal": len(found)}
    return json_answer(shown | _cursor(found, most))


@routes.on("GET", "/xrpc/app.bsky.feed.getPosts")
def read_many(simulator: Simulator, request: Request) -> Answer:
    """Those that are there."""
    caller(request)
    uris = request.texts("uris")
    if not 0 < len(uris) <= AT_ONCE:
        raise refused(400, words=f"Error: uris must have between 1 and {AT_ONCE} elements")
    found = (records.at(simulator, uri) for uri in uris)
    return json_answer({"posts": [view(simulator, post) for post in found if post]})


@routes.on("GET", "/xrpc/app.bsky.actor.searchActors")
def search_actors(simulator: Simulator, request: Request) -> Answer:
    caller(request)
    found = people.matching(simulator.db, request.text("q"), _limit(request))
    told = [{**_actor(one), "description": one.note, "indexedAt": records.instant(one.created_ms)} for one in found]
    return json_answer({"actors": told})


@routes.on("GET", "/xrpc/app.bsky.actor.getProfile")
def profile(simulator: Simulator, request: Request) -> Answer:
    caller(request)
    person = records.person(simulator, request.text("actor"))
    if not person:
        raise refused(400, words="Profile not found")
    written = simulator.db.value(
        "SELECT count(*) FROM posts WHERE person_id = :id AND network = 'bluesky' AND deleted_ms IS NULL",
        {"id": person.id},
    )
    return json_answer(
        {
            **_actor(person),
            "description": person.note,
            "indexedAt": records.instant(person.created_ms),
            "followersCount": 0,
            "followsCount": 0,
            "postsCount": written,
        }
    )


def _limit(request: Request) -> int:
    asked = request.number("limit")
    if asked is not None and not 1 <= asked <= MOST:
        raise refused(400, words=f"Error: limit must be between 1 and {MOST}")
    return asked or 50


def _cursor(found: list[Post], most: int) -> Json:
    return {"cursor": ids.key_of(found[-1].id)} if len(found) == most else {}


def view(simulator: Simulator, post: Post) -> Json:
    numbers = posts.counts(simulator.db, post, None)
    return {
        **records.strong_ref(simulator, post),
        "author": _author(simulator, post),
        "record": records.record(simulator, post),
        "replyCount": numbers.replies,
        "repostCount": 0,
        "likeCount": numbers.favourites,
        "quoteCount": 0,
        "bookmarkCount": 0,
        "indexedAt": records.instant(post.created_ms),
        "labels": [],
    }


def _author(simulator: Simulator, post: Post) -> Json:
    author = people.by_id(simulator.db, post.person_id)
    assert author is not None
    return _actor(author)


def _actor(person: Person) -> Json:
    return {
        "did": ids.did(person.id),
        "handle": ids.handle(person.handle),
        "displayName": person.name,
        "createdAt": records.instant(person.created_ms),
        "labels": [],
    }
