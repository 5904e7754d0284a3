"""Messages: write, read, delete; and what X forbids who writes."""

from __future__ import annotations

from simulator.dialects.x import entities, errors, text
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import media, people, posts, things
from simulator.store.database import now_ms
from simulator.store.posts import Post, Window

routes = Routes()
NETWORK = "x"
MAX_MEDIA = 4
MOST_IDS = 100
# How long X remembers what an account said; how long exactly, it does not tell.
MEMORY_MS = 86_400_000
RECENT = 200
WRITE = "tweet.read tweet.write users.read"
READ = "tweet.read users.read"


@routes.on("POST", "/2/tweets", scope=WRITE, signed_in=True, family="x:posts")
def create(simulator: Simulator, request: Request) -> Answer:
    person = request.person
    assert person is not None
    given = request.json
    parent = _parent(simulator, request, given.get("reply"))
    words = str(given.get("text") or "")
    attached = _attached(simulator, request, given.get("media"))
    if not words.strip() and not attached:
        raise errors.invalid("text", words, "You must provide text or media in your Tweet.")
    if text.weight(words) > text.MAX_WEIGHT:
        raise errors.too_long()
    words = _addressed(simulator, words, parent, person.id)
    if _is_duplicate(simulator, person.id, words, parent):
        raise errors.duplicate()
    draft = posts.draft(
        person_id=person.id,
        text=words,
        language=person.language or "fr",
        reply_to=parent,
        app_id=request.token.app_id if request.token else None,
        network=NETWORK,
        extra=_extra(simulator, attached),
    )
    post = posts.create(simulator.db, draft, tuple(int(one.data["media_id"]) for one in attached))
    request.made = str(post.id)
    told = {"data": {"id": str(post.id), "text": entities.tweet(simulator, post, request)["text"]}}
    return json_answer(told, 201, {"location": f"{request.base_url}/2/tweets/{post.id}"})


def _parent(simulator: Simulator, request: Request, reply: object) -> Post | None:
    """The message that is answered, where X lets its author be answered: they named us, or it is our own."""
    if not isinstance(reply, dict):
        return None
    assert request.person is not None
    parent = entities.found(simulator, str(reply.get("in_reply_to_tweet_id") or ""))
    if not parent:
        raise errors.parent_gone()
    ours = request.person.id
    if parent.person_id != ours and ours not in posts.mentioned_ids(simulator.db, parent):
        raise errors.reply_not_allowed()
    return parent


def _addressed(simulator: Simulator, words: str, parent: Post | None, author_id: int) -> str:
    """An answer begins with the name of whom it answers; it counts for nothing."""
    answered = people.by_id(simulator.db, parent.person_id) if parent and parent.person_id != author_id else None
    if not answered or answered.handle.lower() in (handle.lower() for _, _, handle in text.mentions(words)):
        return words
    return f"@{answered.handle} {words}"


def _is_duplicate(simulator: Simulator, person_id: int, words: str, parent: Post | None) -> bool:
    """Whether they said the very same to the same people a short while ago."""
    since = now_ms() - MEMORY_MS
    recent = posts.by_person(simulator.db, person_id, person_id, Window(limit=RECENT, network=NETWORK))
    target = parent.id if parent else None
    return any(
        post.created_ms >= since and post.reply_to == target and post.text == words for post in recent if post.text
    )


def _attached(simulator: Simulator, request: Request, given: object) -> list[things.Thing]:
    """The caller's own uploads, each ready and not part of a message yet."""
    identifiers = given.get("media_ids") if isinstance(given, dict) else None
    wanted = [str(one) for one in identifiers] if isinstance(identifiers, list) else []
    found = [_upload(simulator, request, one) for one in wanted]
    films = [one for one in found if one.data["media_category"] != "tweet_image"]
    if len(found) > (1 if films else MAX_MEDIA):
        raise errors.invalid("media.media_ids", ",".join(wanted), "Too many media for one Tweet.")
    return found


def _upload(simulator: Simulator, request: Request, identifier: str) -> things.Thing:
    known = identifier.isdigit() and len(identifier) < 20
    found = things.by_id(simulator.db, int(identifier), network=NETWORK, kind="upload") if known else None
    stored = media.by_id(simulator.db, int(found.data.get("media_id") or 0)) if found else None
    if not found or not stored or stored.post_id or not request.person or found.person_id != request.person.id:
        raise errors.invalid("media.media_ids", identifier, "Your media IDs are invalid.")
    return found


def _extra(simulator: Simulator, attached: list[things.Thing]) -> dict[str, object]:
    captions = [words for one in attached for words in one.data.get("captions", [])]
    return {"captions": captions} if captions else {}


@routes.on("GET", "/2/tweets", scope=READ, family="x:reads")
def read_many(simulator: Simulator, request: Request) -> Answer:
    """Several by `ids`: those that are there as data, the others as errors."""
    wanted = list(entities.asked(request, "ids"))
    if not 0 < len(wanted) <= MOST_IDS:
        raise errors.invalid("ids", ",".join(wanted), "The number of values in the `ids` is not between 1 and 100.")
    seen = {identifier: entities.found(simulator, identifier) for identifier in wanted}
    found = sorted((post for post in seen.values() if post), key=lambda post: post.id)
    told: entities.Json = {"data": [entities.tweet(simulator, post, request) for post in found]} if found else {}
    lost = [errors.missing("ids", identifier) for identifier, post in seen.items() if not post]
    return json_answer(told | entities.includes(simulator, found, request) | ({"errors": lost} if lost else {}))


@routes.on("GET", "/2/tweets/{tweet_id}", scope=READ, family="x:reads")
def read(simulator: Simulator, request: Request, tweet_id: str) -> Answer:
    if not tweet_id.isdigit():
        raise errors.invalid("id", tweet_id, f"The `id` query parameter value [{tweet_id}] is not valid.")
    post = entities.found(simulator, tweet_id)
    if not post:
        return json_answer({"errors": [errors.missing("id", tweet_id)]})
    shown = entities.tweet(simulator, post, request) | {"id": tweet_id}
    return json_answer({"data": shown} | entities.includes(simulator, [post], request))


@routes.on("DELETE", "/2/tweets/{tweet_id}", scope=WRITE, signed_in=True, family="x:deletes")
def delete(simulator: Simulator, request: Request, tweet_id: str) -> Answer:
    post = entities.found(simulator, tweet_id)
    if not post:
        raise errors.plain(404, "Not Found Error", f"Could not find tweet with id: [{tweet_id}].")
    if not request.person or post.person_id != request.person.id:
        raise errors.forbidden("You are not authorized to delete this Tweet.")
    posts.delete(simulator.db, post)
    return json_answer({"data": {"deleted": True}})
