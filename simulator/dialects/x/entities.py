"""Messages and people as X's API shows them: little by default, more where a caller asks for it by name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from simulator.dialects.x import naming, text
from simulator.exchange import Request
from simulator.routing import Simulator
from simulator.store import media, people, posts
from simulator.store.people import Person
from simulator.store.posts import Post, Window

Json = dict[str, Any]
ALL_POSTS = 1_000_000
LONGEST_ID = 19
EDITED = 1 << 62  # above every id of the store: what an edited message's new id has more than its first


def history(post: Post) -> list[str]:
    """The ids of a message's versions, the oldest first. The store keeps the latest words alone, so there are two."""
    return [str(post.id), *([str(post.id + EDITED)] if post.edited_ms else [])]


def found(simulator: Simulator, identifier: str) -> Post | None:
    """The message of which `identifier` is any version."""
    if not identifier.isdigit() or len(identifier) > LONGEST_ID:
        return None
    return posts.by_id(simulator.db, int(identifier) % EDITED, network="x")


def asked(request: Request, name: str) -> set[str]:
    """The fields or expansions that a caller names, apart by commas."""
    return {one for given in request.texts(name) for one in given.split(",") if one}


def tweet(simulator: Simulator, post: Post, request: Request) -> Json:
    """A message with its three standard fields and those of `tweet.fields`."""
    fields = naming.asked_fields(simulator, request, asked)
    shortened, urls = text.shorten(post.text)
    pictures = _media_addresses(simulator, post, request)
    shown = " ".join([shortened, *(one.url for one in pictures[:1])]).strip()
    versions = history(post)
    told: Json = {
        "edit_history_tweet_ids": versions,
        "id": versions[-1],
        "text": text.written(shown),
    }
    more = _more(simulator, post, shown, [*urls, *pictures]).items()
    return naming.answered(simulator, told | {name: value for name, value in more if name in fields and value})


def _more(simulator: Simulator, post: Post, shown: str, urls: list[text.Short]) -> Json:
    root = (posts.ancestors(simulator.db, post, None) or [post])[0]
    counts = posts.counts(simulator.db, post, None)
    return {
        "author_id": str(post.person_id),
        "conversation_id": str(post.extra.get("conversation") or root.id),
        "created_at": instant(post.created_ms),
        "lang": post.language or "und",
        "in_reply_to_user_id": str(post.reply_to_person) if post.reply_to_person else None,
        "referenced_tweets": [{"type": "replied_to", "id": str(post.reply_to)}] if post.reply_to else None,
        "entities": _entities(simulator, shown, urls),
        "public_metrics": {
            "retweet_count": 0,
            "reply_count": counts.replies,
            "like_count": counts.favourites,
            "quote_count": 0,
            "bookmark_count": 0,
            "impression_count": 0,
        },
    }


def _entities(simulator: Simulator, shown: str, urls: list[text.Short]) -> Json:
    named = [(start, end, people.by_handle(simulator.db, handle)) for start, end, handle in text.mentions(shown)]
    mentions = [
        {"start": start, "end": end, "username": person.handle, "id": str(person.id)}
        for start, end, person in named
        if person
    ]
    places = [one.entity | _place(shown, one.url) for one in urls]
    return {name: value for name, value in (("mentions", mentions), ("urls", places)) if value}


def _place(shown: str, url: str) -> Json:
    start = max(0, shown.find(url))
    return {"start": start, "end": start + len(url)}


def _media_addresses(simulator: Simulator, post: Post, request: Request) -> list[text.Short]:
    """All media of a message stand behind one address at its end."""
    address = f"{request.base_url}/i/status/{post.id}"
    found = []
    for one in media.of_post(simulator.db, post.id):
        kind, way = ("13", "video") if one.mime.startswith("video/") else ("3", "photo")
        found.append(text.Short(text.short_address(address), f"{address}/{way}/1", f"{kind}_{one.id}"))
    return found


def user(simulator: Simulator, person: Person, request: Request) -> Json:
    """A person with their three standard fields and those of `user.fields`."""
    fields = asked(request, "user.fields")
    told: Json = {"id": str(person.id), "name": person.name, "username": person.handle}
    if "created_at" in fields:
        told["created_at"] = instant(person.created_ms)
    if "protected" in fields:
        mine = posts.by_person(simulator.db, person.id, person.id, Window(limit=ALL_POSTS, network="x"))
        told["protected"] = any(post.visibility == "private" for post in mine)
    if "public_metrics" in fields:
        written = posts.by_person(simulator.db, person.id, None, Window(limit=ALL_POSTS, network="x"))
        told["public_metrics"] = {
            "followers_count": 0,
            "following_count": 0,
            "tweet_count": len(written),
            "listed_count": 0,
            "like_count": 0,
            "media_count": sum(bool(media.of_post(simulator.db, post.id)) for post in written),
        }
    return told


def includes(simulator: Simulator, found: list[Post], request: Request) -> Json:
    """What `expansions` brings along: the authors, each once."""
    if "author_id" not in asked(request, "expansions") or not found:
        return {}
    authors = (people.by_id(simulator.db, one) for one in dict.fromkeys(post.person_id for post in found))
    return {"includes": {"users": [user(simulator, person, request) for person in authors if person]}}


def instant(milliseconds: int) -> str:
    return (
        datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"
    )
