"""Facebook's objects, field by field; recorded answers say what each is called and made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.dialects.graph import lists
from simulator.dialects.graph.fields import Field, pick
from simulator.dialects.graph.sight import Account, Sight, instant, owner_of, parent_of, root_of, wall_of
from simulator.store import media, people, posts
from simulator.store.media import Media
from simulator.store.people import Person
from simulator.store.posts import Post
from simulator.store.things import Thing

Node = Mapping[str, Any]
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}
CATEGORY = {"id": "2604", "name": "Public & Government Service"}
REACTIONS = ("like", "love", "wow", "haha", "sad", "angry")
PRIVACY = {"private": "ALL_FRIENDS", "direct": "CUSTOM"}
PAGE_DEFAULT, POST_DEFAULT, COMMENT_DEFAULT = "id,name", "id,message,created_time", "id,message,created_time,from"


def page(sight: Sight, person: Person) -> Node:
    number = _likes_of(sight, person)
    link = f"{sight.site}/{person.handle}"
    return {
        "id": str(person.id),
        "name": person.name,
        "username": person.handle,
        "link": link,
        "about": person.note or None,
        "category": CATEGORY["name"],
        "category_list": [CATEGORY],
        "fan_count": number,
        "followers_count": number,
        "verification_status": "not_verified",
        "tasks": ["ANALYZE", "ADVERTISE", "MODERATE", "CREATE_CONTENT", "MANAGE"],
        "instagram_business_account": lambda field: account_of(sight, person, field),
        "insights": lambda field: insights(page_views(sight, person), "day", str(person.id), field),
    }


def account_of(sight: Sight, person: Person, field: Field) -> dict[str, Any]:
    """The page's Instagram account, from the page."""
    node = {"id": Account(person).id, "username": person.handle, "name": person.name}
    return pick(node, field.inner, kind="ShadowIGUser")


def post(sight: Sight, post: Post) -> Node:
    author = sight.person_of(post.person_id)
    identifier = f"{owner_of(sight, post)}_{post.id}"
    shares = post.extra.get("shares", 0)
    return {
        "id": identifier,
        "message": post.text or None,
        "created_time": instant(post.created_ms),
        "updated_time": instant(post.edited_ms or post.created_ms),
        "from": {"name": author.name, "id": str(author.id)},
        "permalink_url": f"{sight.site}/{wall_of(sight, post)}/posts/{post.id}",
        "status_type": "added_photos" if media.of_post(sight.simulator.db, post.id) else "mobile_status_update",
        "attachments": lambda field: attachments(sight, post),
        "shares": {"count": shares} if shares else None,
        "is_hidden": False,
        "privacy": {"value": PRIVACY.get(post.visibility, "EVERYONE"), "allow": "", "deny": "", "description": ""},
        "comments": lambda field: comments(sight, post, field, identifier),
        "reactions": lambda field: reactions(sight, post, field),
        **{name: _one_kind(sight, post, name) for name in REACTIONS},
        "insights": lambda field: insights(post_views(sight, post), "lifetime", identifier, field),
    }


def comment(sight: Sight, post: Post) -> Node:
    author, root, above = sight.person_of(post.person_id), root_of(sight, post), parent_of(sight, post)
    identifier = f"{root.id}_{post.id}"
    place = f"comment_id={above.id}&reply_comment_id={post.id}" if above else f"comment_id={post.id}"
    counted = posts.counts(sight.simulator.db, post, None)
    return {
        "id": identifier,
        "message": post.text,
        "created_time": instant(post.created_ms),
        "from": {"name": author.name, "id": str(author.id)},
        "permalink_url": f"{sight.site}/{wall_of(sight, root)}/posts/{root.id}/?{place}",
        "parent": _parent(sight, above, root) if above else None,
        "comment_count": counted.replies,
        "like_count": counted.favourites,
        "is_hidden": post.visibility == "private",
        "is_private": post.visibility == "direct",
        "attachment": lambda field: _hanging(sight, post),
        "comments": lambda field: comments(sight, post, field, identifier),
    }


def _parent(sight: Sight, above: Post, root: Post) -> dict[str, Any]:
    author = sight.person_of(above.person_id)
    return {
        "created_time": instant(above.created_ms),
        "from": {"name": author.name, "id": str(author.id)},
        "message": above.text,
        "id": f"{root.id}_{above.id}",
    }


def comments(sight: Sight, above: Post, wanted: Field, identifier: str) -> dict[str, Any]:
    """What stands below a post or a comment: directly, or (`filter(stream)`) all of it."""
    everything = wanted.args.get("filter") == "stream"
    newest_first = wanted.args.get("order", "chronological") == "reverse_chronological"
    condition = lists.BELOW if everything or above.reply_to else lists.DIRECTLY
    found = (
        lists.posts_where(sight, condition, wanted, oldest_first=not newest_first, root=above.id)
        if lists.limit_of(wanted)
        else []
    )
    told = lists.sliced(
        sight,
        wanted,
        found,
        key=lambda one: one.id,
        show=lambda one: pick(comment(sight, one), wanted.inner, kind="Comment", default=COMMENT_DEFAULT),
        path=f"{identifier}/comments",
    )
    if wanted.args.get("summary"):
        number = sight.simulator.db.value(
            f"SELECT count(*) FROM posts p WHERE p.deleted_ms IS NULL AND {condition}",  # noqa: S608 - ours
            {"root": above.id},
        )
        order = "reverse_chronological" if newest_first else "chronological"
        told["summary"] = {"order": order, "total_count": number, "can_comment": True}
    return told


def reactions(sight: Sight, post: Post, wanted: Field) -> dict[str, Any]:
    """On the square a like is the only one. Who reacted is shown to nobody."""
    kind = wanted.args.get("type", "LIKE")
    number = posts.counts(sight.simulator.db, post, None).favourites if kind == "LIKE" else 0
    viewer = {} if "type" in wanted.args else {"viewer_reaction": "NONE"}
    return {"data": [], "summary": {"total_count": number, **viewer}}


def _one_kind(sight: Sight, post: Post, name: str) -> Callable[[Field], dict[str, Any]]:
    return lambda _field: reactions(sight, post, Field("reactions", {"type": name.upper()}))


def attachments(sight: Sight, post: Post) -> dict[str, Any] | None:
    shown = [_picture(sight, one) for one in media.of_post(sight.simulator.db, post.id)]
    link = post.extra.get("link")
    if link:
        shown.append({"media_type": "link", "type": "share", "url": link, "unshimmed_url": link, "title": link})
    return {"data": shown} if shown else None


def _hanging(sight: Sight, post: Post) -> dict[str, Any] | None:
    """The one thing that may hang at a comment."""
    found = media.of_post(sight.simulator.db, post.id)[:1]
    return next((_picture(sight, one) for one in found), None)


def _picture(sight: Sight, one: Media) -> dict[str, Any]:
    address = f"{sight.site}/media/{one.id}.{EXTENSIONS[one.mime]}"
    image = {"height": one.height, "src": address, "width": one.width}
    return {
        "media": {"image": image},
        "media_type": "photo",
        "target": {"id": str(one.id), "url": address},
        "type": "photo",
        "unshimmed_url": address,
        "url": address,
        "description": one.alt or "",
    }


def photo(sight: Sight, one: Media) -> Node:
    address = f"{sight.site}/media/{one.id}.{EXTENSIONS[one.mime]}"
    at = instant(one.id >> 16)
    return {"id": str(one.id), "created_time": at, "updated_time": at, "link": address, "alt_text_custom": one.alt}


def video(sight: Sight, thing: Thing) -> Node:
    """A film on its way: at the first look it is being processed."""
    told = thing.data
    post_id = told.get("post_id")
    return {
        "id": str(thing.id),
        "created_time": instant(thing.created_ms),
        "updated_time": instant(thing.created_ms),
        "description": told.get("description") or None,
        "title": told.get("title") or None,
        "published": bool(post_id),
        "length": 1.5,
        "permalink_url": f"/{thing.person_id}/videos/{thing.id}/",
        "post_id": str(post_id) if post_id else None,
        "status": {"video_status": "ready" if told.get("looks", 0) > 1 else "processing"},
        "captions": {"data": told["captions"]} if told.get("captions") else None,
    }


def insights(values: Mapping[str, int], period: str, identifier: str, wanted: Field) -> dict[str, Any]:
    names = [name for name in wanted.args.get("metric", "").split(",") if name]
    return {"data": [insight(name, values[name], period, identifier) for name in names if name in values]}


def insight(name: str, value: int, period: str, identifier: str) -> dict[str, Any]:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name,
        "period": period,
        "values": [{"value": value}],
        "title": title,
        "description": f"{title} ({period})",
        "id": f"{identifier}/insights/{name}/{period}",
    }


def post_views(sight: Sight, post: Post) -> dict[str, int]:
    """Nobody on the square counts who reads: whoever liked or answered did."""
    counted = posts.counts(sight.simulator.db, post, None)
    return {"post_media_view": counted.replies + counted.favourites}


def page_views(sight: Sight, person: Person) -> dict[str, int]:
    return {"page_media_view": _likes_of(sight, person) + _answers_to(sight, person)}


def _likes_of(sight: Sight, person: Person) -> int:
    sql = (
        "SELECT count(DISTINCT f.person_id) FROM favourites f JOIN posts p ON p.id = f.post_id WHERE p.person_id = :id"
    )
    return sight.simulator.db.value(sql, {"id": person.id})


def _answers_to(sight: Sight, person: Person) -> int:
    return sight.simulator.db.value("SELECT count(*) FROM posts WHERE reply_to_person = :id", {"id": person.id})


def everyone(sight: Sight) -> list[Person]:
    """The pages that a person manages: their own, and every organisation's."""
    others = [one for one in people.everyone(sight.simulator.db) if one.kind == "organisation"]
    return [sight.person, *(one for one in others if one.id != sight.person.id)]
