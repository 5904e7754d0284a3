"""The JSON objects of the API. Every field that a real 4.6 server sends is there, with the same type."""

from __future__ import annotations

from datetime import UTC, datetime

from simulator import text
from simulator.dialects.mastodon.ways import ways_of
from simulator.exchange import Request
from simulator.routing import Simulator
from simulator.store import grants, media, notifications, people, posts

Json = dict[str, object]

FOR_EVERYBODY = {"automatic": ["public"], "manual": [], "current_user": "automatic"}
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/webm": "webm",
}


def instant(milliseconds: int) -> str:
    return (
        datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03}Z"
    )


def account(simulator: Simulator, person: people.Person, request: Request) -> Json:
    base = request.base_url
    figures = simulator.db.row(
        "SELECT count(*) AS number, max(created_ms) AS last FROM posts WHERE person_id = :id AND deleted_ms IS NULL",
        {"id": person.id},
    )
    number, last = (figures["number"], figures["last"]) if figures else (0, None)
    return {
        "id": str(person.id),
        "username": person.handle,
        "acct": person.handle,
        "display_name": person.name,
        "locked": False,
        "bot": False,
        "discoverable": True,
        "indexable": True,
        "group": False,
        "created_at": instant(person.created_ms)[:10] + "T00:00:00.000Z",
        "note": text.as_html(simulator.db, person.note, base),
        "url": f"{base}/@{person.handle}",
        "uri": f"{base}/ap/users/{person.id}",
        **_images(person, base),
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": number,
        "last_status_at": instant(last)[:10] if last else None,
        "hide_collections": None,
        "show_media": True,
        "show_media_replies": True,
        "show_featured": True,
        "noindex": False,
        "feature_approval": FOR_EVERYBODY,
        "emojis": [],
        "roles": [],
        "fields": [],
    }


def _images(person: people.Person, base: str) -> Json:
    avatar, header = f"{base}/avatars/{person.id}.svg", f"{base}/headers/{person.id}.svg"
    return {
        "avatar": avatar,
        "avatar_static": avatar,
        "avatar_description": "",
        "header": header,
        "header_static": header,
        "header_description": "",
    }


def own_account(simulator: Simulator, person: people.Person, request: Request) -> Json:
    """An account as its owner sees it."""
    source: Json = {
        "privacy": "public",
        "sensitive": False,
        "language": person.language or None,
        "note": person.note,
        "fields": [],
        "follow_requests_count": 0,
        "hide_collections": None,
        "discoverable": True,
        "indexable": True,
        "attribution_domains": [],
        "quote_policy": "public",
    }
    role: Json = {
        "id": "-99",
        "name": "",
        "permissions": "65536",
        "color": "",
        "highlighted": False,
        "collection_limit": 10,
    }
    return account(simulator, person, request) | {"source": source, "role": role}


def status(simulator: Simulator, post: posts.Post, request: Request) -> Json:
    """A post as the caller sees it."""
    shown = _facts(simulator, post, request)
    shown["content"] = text.as_html(simulator.db, post.text, request.base_url)
    return shown


def deleted_status(simulator: Simulator, post: posts.Post, request: Request) -> Json:
    """What a deletion answers: the source text in place of the content, so that it can be written again."""
    return _facts(simulator, post, request) | {"text": post.text}


def _facts(simulator: Simulator, post: posts.Post, request: Request) -> Json:
    base, viewer = request.base_url, request.person
    author = people.by_id(simulator.db, post.person_id)
    assert author is not None
    numbers = posts.counts(simulator.db, post, viewer.id if viewer else None)
    facts: Json = {
        "id": str(post.id),
        "created_at": instant(post.created_ms),
        "in_reply_to_id": str(post.reply_to) if post.reply_to else None,
        "in_reply_to_account_id": str(post.reply_to_person) if post.reply_to_person else None,
        "sensitive": post.sensitive,
        "spoiler_text": post.spoiler,
        "visibility": post.visibility,
        "language": post.language,
        "uri": f"{base}/ap/users/{author.id}/statuses/{post.id}",
        "url": ways_of(simulator.db).address(base, author.handle, post.id),
        "replies_count": numbers.replies,
        "reblogs_count": 0,
        "favourites_count": numbers.favourites,
        "quotes_count": 0,
        "edited_at": instant(post.edited_ms) if post.edited_ms else None,
        "filtered": [],
        "reblog": None,
        "application": _application(simulator, post),
        "account": account(simulator, author, request),
        "media_attachments": [attachment(found, request) for found in media.of_post(simulator.db, post.id)],
        "mentions": [_mention(person, base) for person in _mentioned(simulator, post)],
        "tags": [{"name": tag, "url": f"{base}/tags/{tag}"} for tag in posts.hashtags(post.text)],
        "emojis": [],
        "tagged_collections": [],
        "quote": None,
        "card": None,
        "poll": _poll(post),
        "quote_approval": FOR_EVERYBODY,
    }
    if viewer:
        facts |= {"favourited": numbers.favoured, "reblogged": False, "muted": False, "bookmarked": False}
        if viewer.id == post.person_id:
            facts["pinned"] = False
    return facts


def _poll(post: posts.Post) -> Json | None:
    choices = post.extra.get("choices")
    if not choices:
        return None
    votes = post.extra.get("votes") or [0] * len(choices)
    return {
        "id": str(post.id),
        "expires_at": None,
        "expired": False,
        "multiple": False,
        "votes_count": sum(votes),
        "voters_count": sum(votes),
        "options": [{"title": one, "votes_count": number} for one, number in zip(choices, votes, strict=True)],
        "emojis": [],
    }


def _application(simulator: Simulator, post: posts.Post) -> Json | None:
    app = grants.app_by_id(simulator.db, post.app_id)
    return {"name": app.name, "website": app.website} if app else None


def _mentioned(simulator: Simulator, post: posts.Post) -> list[people.Person]:
    found = (people.by_id(simulator.db, identifier) for identifier in posts.mentioned_ids(simulator.db, post))
    return [person for person in found if person]


def _mention(person: people.Person, base: str) -> Json:
    return {
        "id": str(person.id),
        "username": person.handle,
        "url": f"{base}/@{person.handle}",
        "acct": person.handle,
    }


def attachment(found: media.Media, request: Request) -> Json:
    """A picture or a film. No preview is made: both addresses give the original. No blurhash is computed."""
    address = f"{request.base_url}/media/{found.id}.{EXTENSIONS[found.mime]}"
    if found.mime.startswith("video/"):
        return _film(found, address)
    measures = {
        "width": found.width,
        "height": found.height,
        "size": f"{found.width}x{found.height}",
        "aspect": found.width / found.height,
    }
    meta: Json = {"original": measures, "small": measures}
    if found.focus:
        meta["focus"] = {"x": found.focus[0], "y": found.focus[1]}
    return {
        "id": str(found.id),
        "type": "image",
        "url": address,
        "preview_url": address,
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": meta,
        "description": found.alt,
        "blurhash": None,
    }


def _film(found: media.Media, address: str) -> Json:
    """Nobody looks into it: its measures are not told."""
    return {
        "id": str(found.id),
        "type": "video",
        "url": address,
        "preview_url": address,
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": {},
        "description": found.alt,
        "blurhash": None,
    }


def is_filtered(simulator: Simulator, post: posts.Post) -> bool:
    """Whether the server keeps a mention out of the ordinary list: what somebody whom one does not follow says to one
    alone."""
    return post.visibility == "direct" and ways_of(simulator.db).filters


def notification(simulator: Simulator, found: notifications.Notification, request: Request) -> Json:
    sender = people.by_id(simulator.db, found.from_id)
    assert sender is not None
    shown: Json = {
        "id": str(found.id),
        "type": found.kind,
        "created_at": instant(found.created_ms),
        "group_key": f"ungrouped-{found.id}",
        "account": account(simulator, sender, request),
    }
    post = posts.by_id(simulator.db, found.post_id, found.person_id) if found.post_id else None
    if post and is_filtered(simulator, post):
        shown["filtered"] = True
    if post:
        shown["status"] = status(simulator, post, request)
    return shown
