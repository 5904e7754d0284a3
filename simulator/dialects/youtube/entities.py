"""The JSON objects of the API, with the fields and types of recorded answers."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from html import escape

from simulator.dialects.youtube import ids, threads
from simulator.exchange import Request
from simulator.routing import Simulator
from simulator.store import people, posts, things
from simulator.store.people import Person
from simulator.store.posts import Post

Json = dict[str, object]
SIZES = {"default": (120, 90), "medium": (320, 180), "high": (480, 360)}
TITLE_LENGTH = 60  # of a video that a citizen made by just writing


def instant(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def etag(value: object) -> str:
    """The same for the same content."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:27]


def resource(kind: str, identifier: object, parts: Json) -> Json:
    return {"kind": f"youtube#{kind}", "etag": etag([identifier, parts]), "id": identifier, **parts}


def listing(kind: str, items: list[Json], *, most: int, more: str = "", total: bool = True) -> Json:
    """A list; `more` is the token of its next page. Comments below a comment have no `total`."""
    info: Json = {"totalResults": len(items)} if total else {}
    shown: Json = {"kind": f"youtube#{kind}ListResponse", "etag": etag(items)}
    if more:
        shown["nextPageToken"] = more
    return shown | {"pageInfo": {**info, "resultsPerPage": most}, "items": items}


def parts(request: Request) -> set[str]:
    return set(request.text("part").replace(" ", "").split(","))


def title(post: Post) -> str:
    return post.spoiler or " ".join(post.text.split())[:TITLE_LENGTH]


def channel(simulator: Simulator, person: Person, request: Request) -> Json:
    asked = parts(request)
    shown: Json = {}
    if "snippet" in asked:
        shown["snippet"] = {
            "title": person.name,
            "description": person.note,
            "customUrl": f"@{person.handle.lower()}",
            "publishedAt": instant(person.created_ms),
            "thumbnails": _pictures(f"{request.base_url}/avatars/{person.id}.svg"),
            "localized": {"title": person.name, "description": person.note},
            "country": "BE",
        }
    if "contentDetails" in asked:
        shown["contentDetails"] = {"relatedPlaylists": {"likes": "", "uploads": ids.uploads(person.id)}}
    if "statistics" in asked:
        number = len(threads.videos_of(simulator, person.id, threads.Slice(100_000)))
        shown["statistics"] = {
            "viewCount": "0",
            "commentCount": "0",
            "subscriberCount": "0",
            "hiddenSubscriberCount": False,
            "videoCount": str(number),
        }
    return resource("channel", ids.channel(person.id), shown)


def video(simulator: Simulator, post: Post, request: Request) -> Json:
    asked, name = parts(request), title(post)
    shown: Json = {}
    if "snippet" in asked:
        spoken = {"defaultLanguage": post.language, "defaultAudioLanguage": post.language} if post.language else {}
        shown["snippet"] = {
            **_facts(simulator, post, request),
            "thumbnails": _thumbnails(post, request) | _large(post, request),
            "tags": posts.hashtags(post.text),
            "categoryId": str(post.extra.get("category") or "22"),
            "localized": {"title": name, "description": post.text},
            **spoken,
        }
    if "status" in asked:
        shown["status"] = {
            "uploadStatus": "processed",
            "privacyStatus": "public" if post.visibility == "public" else post.visibility,
            "license": "youtube",
            "embeddable": True,
            "publicStatsViewable": True,
            "madeForKids": False,
            "selfDeclaredMadeForKids": False,
        }
    if "statistics" in asked:
        numbers = posts.counts(simulator.db, post, None)
        said = len(posts.descendants(simulator.db, post, None))
        shown["statistics"] = {
            "viewCount": "0",
            "likeCount": str(numbers.favourites),
            "favoriteCount": "0",
            "commentCount": str(said),
        }
    if "player" in asked:
        shown["player"] = {"embedHtml": f'<iframe src="//www.youtube.com/embed/{ids.video(post.id)}"></iframe>'}
    return resource("video", ids.video(post.id), shown)


def hit(simulator: Simulator, post: Post, request: Request) -> Json:
    """A video as a search shows it: shortened, and as HTML."""
    snippet = _facts(simulator, post, request)
    snippet |= {name: escape(str(snippet[name])[:160]) for name in ("title", "description")}
    snippet["thumbnails"] = _thumbnails(post, request)
    identifier = {"kind": "youtube#video", "videoId": ids.video(post.id)}
    return resource("searchResult", identifier, {"snippet": snippet})


def uploaded(simulator: Simulator, post: Post, request: Request) -> Json:
    """A video as an item of its channel's playlist."""
    facts = _facts(simulator, post, request)
    del facts["liveBroadcastContent"]
    snippet = {
        **facts,
        "thumbnails": _thumbnails(post, request),
        "playlistId": ids.uploads(post.person_id),
        "position": 0,
        "resourceId": {"kind": "youtube#video", "videoId": ids.video(post.id)},
        "videoOwnerChannelTitle": facts["channelTitle"],
        "videoOwnerChannelId": facts["channelId"],
    }
    return resource("playlistItem", f"UU{ids.video(post.id)}", {"snippet": snippet})


def comment(simulator: Simulator, post: Post, place: threads.Place, request: Request) -> Json:
    """A comment by itself: it names its thread, and not its video."""
    author = people.by_id(simulator.db, post.person_id)
    assert author is not None
    channel_id = ids.channel(author.id)
    snippet: Json = {
        "authorDisplayName": f"@{author.handle}",
        "authorProfileImageUrl": f"{request.base_url}/avatars/{author.id}.svg",
        "authorChannelUrl": f"http://www.youtube.com/channel/{channel_id}",
        "authorChannelId": {"value": channel_id},
        "textDisplay": _display(post.text, request),
        "textOriginal": post.text,
        "canRate": True,
        "viewerRating": "none",
        "likeCount": posts.counts(simulator.db, post, None).favourites,
        "publishedAt": instant(post.created_ms),
        "updatedAt": instant(post.edited_ms or post.created_ms),
    }
    if not request.person or request.person.id != post.person_id:
        del snippet["textOriginal"]
    if not place.is_top(post):
        snippet["parentId"] = ids.comment(place.thread.id)
    return resource(
        "comment", ids.comment(post.id, None if place.is_top(post) else place.thread.id), {"snippet": snippet}
    )


def thread(simulator: Simulator, place: threads.Place, request: Request, *, most: int = 5) -> Json:
    """A top-level comment with, where they are asked for, its newest answers."""
    top, said = comment(simulator, place.thread, place, request), threads.answers(simulator, place.thread)
    where: Json = {"channelId": ids.channel(place.owner)}
    if place.video:
        where["videoId"] = ids.video(place.video.id)
    inner = top["snippet"]
    assert isinstance(inner, dict)
    top["snippet"] = where | inner
    shown: Json = {
        "snippet": {
            **where,
            "topLevelComment": top,
            "canReply": True,
            "totalReplyCount": len(said),
            "isPublic": True,
        }
    }
    if "replies" in parts(request) and said:
        shown["replies"] = {"comments": [comment(simulator, post, place, request) for post in said[:most]]}
    return resource("commentThread", ids.comment(place.thread.id), shown)


def captions(found: things.Thing) -> Json:
    snippet: Json = {
        "videoId": found.data["video"],
        "lastUpdated": instant(found.created_ms),
        "trackKind": "standard",
        "language": found.data["language"],
        "name": found.data["name"],
        "audioTrackType": "unknown",
        "isCC": False,
        "isLarge": False,
        "isEasyReader": False,
        "isDraft": False,
        "isAutoSynced": False,
        "status": "serving",
    }
    return resource("caption", f"AUieDab{found.id}", {"snippet": snippet})


def _display(text: str, request: Request) -> str:
    if request.text("textFormat") == "plainText":
        return text
    return escape(text, quote=False).replace("\n", "<br>")


def _facts(simulator: Simulator, post: Post, request: Request) -> Json:
    author = people.by_id(simulator.db, post.person_id)
    assert author is not None
    return {
        "publishedAt": instant(post.created_ms),
        "channelId": ids.channel(author.id),
        "title": title(post),
        "description": post.text,
        "channelTitle": author.name,
        "liveBroadcastContent": "none",
    }


def _pictures(address: str) -> Json:
    sizes = {"default": 88, "medium": 240, "high": 800}
    return {name: {"url": address, "width": size, "height": size} for name, size in sizes.items()}


def _thumbnails(post: Post, request: Request) -> Json:
    address = f"{request.base_url}/headers/{post.person_id}.svg"
    return {name: {"url": address, "width": width, "height": height} for name, (width, height) in SIZES.items()}


def _large(post: Post, request: Request) -> Json:
    address = f"{request.base_url}/headers/{post.person_id}.svg"
    sizes = {"standard": (640, 480), "maxres": (1280, 720)}
    return {name: {"url": address, "width": width, "height": height} for name, (width, height) in sizes.items()}
