"""Instagram's objects: accounts, what they publish, and what stands below it."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from simulator.dialects.graph import errors, lists, nodes
from simulator.dialects.graph.fields import Field, pick
from simulator.dialects.graph.sight import INSTAGRAM, Account, Sight, instant, is_orphan, parent_of, root_of
from simulator.store import media, posts
from simulator.store.media import Media
from simulator.store.people import Person
from simulator.store.posts import Post
from simulator.store.things import Thing

MOST_COMMENT = 2_200
TOPMOST = "p.network = 'instagram' AND p.reply_to IS NULL AND p.reply_to_person IS NULL"
PUBLISHED = f"{TOPMOST} AND p.person_id = :account"
NAMING = "EXISTS (SELECT 1 FROM mentions m WHERE m.post_id = p.id AND m.person_id = :account)"
TAGGED = f"{TOPMOST} AND p.person_id != :account AND {NAMING}"
WHICH = re.compile(r"\d{1,18}")


def shown(sight: Sight, found: Person | Account | Post | Media | Thing, fields: tuple[Field, ...]) -> dict[str, Any]:
    """An account, a container, something published, or a comment; each only to whom it concerns."""
    sight.need("instagram_basic")
    if isinstance(found, Account):
        return pick(account(sight, found), fields, kind="ShadowIGUser")
    if isinstance(found, Thing):
        return pick(container(found), fields, kind="ShadowIGMediaBuilder")
    assert isinstance(found, Post)
    if root_of(sight, found).person_id != sight.person.id:
        raise errors.no_such_object(str(found.id))
    if found.reply_to:
        return pick(comment(sight, found), fields, kind="ShadowIGComment")
    return pick(published(sight, found), fields, kind="ShadowIGMedia")


def account(sight: Sight, found: Account) -> nodes.Node:
    person = found.person
    count = f"SELECT count(*) FROM posts p WHERE {PUBLISHED} AND deleted_ms IS NULL"  # noqa: S608 - ours
    number = sight.simulator.db.value(count, {"account": person.id})
    return {
        "id": found.id,
        "username": person.handle,
        "name": person.name,
        "biography": person.note or None,
        "profile_picture_url": f"{sight.site}/avatars/{person.id}.svg",
        "followers_count": nodes.page_views(sight, person)["page_media_view"],
        "media_count": number,
        "mentioned_media": lambda field: _mentioned(sight, field, "media_id"),
        "mentioned_comment": lambda field: _mentioned(sight, field, "comment_id"),
    }


def _mentioned(sight: Sight, field: Field, name: str) -> dict[str, Any]:
    """Something by somebody else that names the account; what does not is not found."""
    given = field.args.get(name, "")
    post = posts.by_id(sight.simulator.db, int(given), network=INSTAGRAM) if WHICH.fullmatch(given) else None
    if not post or is_orphan(post) or sight.person.id not in posts.mentioned_ids(sight.simulator.db, post):
        raise errors.no_such_object(given)
    if bool(post.reply_to) != (name == "comment_id"):
        raise errors.no_such_object(given)
    node = comment(sight, post) if post.reply_to else published(sight, post)
    return pick(node, field.inner, kind="ShadowIGMedia")


def container(found: Thing) -> nodes.Node:
    code = found.data["status_code"]
    words = {
        "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
        "IN_PROGRESS": "In Progress: Media is still being processed.",
        "PUBLISHED": "Published: Media has been successfully published.",
    }
    return {"id": str(found.id), "status_code": code, "status": words.get(code, found.data.get("status", code))}


def published(sight: Sight, post: Post) -> nodes.Node:
    author = sight.person_of(post.person_id)
    code = shortcode(post.id)
    counted = posts.counts(sight.simulator.db, post, None)
    parts = media.of_post(sight.simulator.db, post.id)
    return {
        "id": str(post.id),
        "ig_id": str(post.id),
        "caption": post.text or None,
        "timestamp": instant(post.created_ms),
        "username": author.handle,
        "owner": {"id": Account(author).id},
        "permalink": f"{sight.site}/p/{code}/",
        "shortcode": code,
        "media_type": _type(post, parts),
        "media_url": _address(sight, parts[0]) if parts else f"{sight.site}/avatars/{author.id}.svg",
        "like_count": counted.favourites,
        "comments_count": counted.replies,
        "comments": lambda field: comments(sight, post, field),
        "children": lambda field: _children(sight, post, parts, field),
    }


def _type(post: Post, parts: list[Media]) -> str:
    if post.extra.get("video"):
        return "VIDEO"
    return "CAROUSEL_ALBUM" if len(parts) > 1 else "IMAGE"


def _address(sight: Sight, one: Media) -> str:
    return f"{sight.site}/media/{one.id}.{nodes.EXTENSIONS[one.mime]}"


def _children(sight: Sight, post: Post, parts: list[Media], field: Field) -> dict[str, Any] | None:
    if len(parts) < 2:
        return None

    def node(one: Media) -> Mapping[str, Any]:
        code = shortcode(one.id)
        return {
            "id": str(one.id),
            "media_type": "IMAGE",
            "media_url": _address(sight, one),
            "permalink": f"{sight.site}/p/{code}/",
            "shortcode": code,
            "timestamp": instant(post.created_ms),
            "alt_text": one.alt,
        }

    return {"data": [pick(node(one), field.inner, kind="ShadowIGMedia") for one in parts]}


def shortcode(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(8, "big")).decode().rstrip("=")


def comment(sight: Sight, post: Post) -> nodes.Node:
    author, root, above = sight.person_of(post.person_id), root_of(sight, post), parent_of(sight, post)
    counted = posts.counts(sight.simulator.db, post, None)
    identity = Account(author).id
    return {
        "id": str(post.id),
        "text": post.text,
        "timestamp": instant(post.created_ms),
        "username": author.handle,
        "from": {"id": identity, "username": author.handle},
        "like_count": counted.favourites,
        "hidden": post.visibility in ("private", "direct"),
        "parent_id": str(above.id) if above else None,
        "media": lambda field: pick(published(sight, root), field.inner, kind="ShadowIGMedia"),
        "replies": lambda field: replies(sight, post, field),
    }


def comments(sight: Sight, above: Post, wanted: Field) -> dict[str, Any]:
    """Below something published, newest first; answers to comments are with the comments."""
    found = lists.posts_where(sight, lists.DIRECTLY, wanted, root=above.id)
    return _list(sight, wanted, found, f"{above.id}/comments")


def replies(sight: Sight, above: Post, wanted: Field) -> dict[str, Any] | None:
    """Below a comment, oldest first; nothing where there are none."""
    found = lists.posts_where(sight, lists.BELOW, wanted, oldest_first=True, root=above.id)
    return _list(sight, wanted, found, f"{above.id}/replies") if found else None


def _list(sight: Sight, wanted: Field, found: list[Post], path: str) -> dict[str, Any]:
    return lists.sliced(
        sight,
        wanted,
        found,
        key=lambda one: one.id,
        show=lambda one: pick(comment(sight, one), wanted.inner, kind="ShadowIGComment", default="timestamp,text"),
        path=path,
    )


def commented(sight: Sight, above: Post, text: str) -> dict[str, str]:
    """A comment of the account's, below its own media or what stands below that."""
    if root_of(sight, above).person_id != sight.person.id:
        raise errors.no_such_object(str(above.id), "POST")
    return written(sight, above, text)


def written(sight: Sight, above: Post, text: str) -> dict[str, str]:
    sight.need("instagram_manage_comments")
    if not text.strip() or len(text) > MOST_COMMENT:
        raise errors.invalid("The message is empty or too long")
    draft = posts.draft(person_id=sight.person.id, text=text, reply_to=above, network=INSTAGRAM)
    made = posts.create(sight.simulator.db, draft)
    sight.request.made = str(made.id)
    return {"id": str(made.id)}
