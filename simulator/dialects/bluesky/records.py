"""What people wrote, as records: those that came as one, and those that are made of words written on the square."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from simulator.dialects.bluesky import ids
from simulator.routing import Simulator
from simulator.store import media, people, posts
from simulator.store.people import Person
from simulator.store.posts import Post

NETWORK = "bluesky"
Json = dict[str, Any]


def instant(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"


def person(simulator: Simulator, repo: str) -> Person | None:
    """By DID or handle."""
    if repo.startswith("did:"):
        return people.by_id(simulator.db, ids.person_of(repo))
    return people.by_handle(simulator.db, ids.name_of(repo)) if repo.lower().endswith(ids.ENDING) else None


def key(post: Post) -> str:
    return str(post.extra.get("rkey") or ids.key_of(post.id))


def uri(post: Post) -> str:
    return ids.uri(post.person_id, key(post))


def find(simulator: Simulator, person_id: int, rkey: str) -> Post | None:
    row = simulator.db.row(
        """SELECT id FROM posts WHERE network = 'bluesky' AND person_id = :person AND deleted_ms IS NULL
           AND (json_extract(extra, '$.rkey') = :rkey
                OR (id = :number AND json_extract(extra, '$.rkey') IS NULL))""",
        {"person": person_id, "rkey": rkey, "number": ids.post_of(rkey)},
    )
    return posts.by_id(simulator.db, row["id"], person_id, network=NETWORK) if row else None


def at(simulator: Simulator, address: str) -> Post | None:
    """The post at an at:// address."""
    repo, collection, rkey = ids.parts(address)
    owner = person(simulator, repo) if collection == ids.POSTS else None
    return find(simulator, owner.id, rkey) if owner else None


def record(simulator: Simulator, post: Post) -> Json:
    """The record of a post. An edit on the square is a new record with the same address."""
    given = post.extra.get("record")
    if isinstance(given, dict) and given.get("text") == post.text:
        return given
    made: Json = (
        dict(given)
        if isinstance(given, dict)
        else {
            "$type": ids.POSTS,
            "createdAt": instant(post.created_ms),
            **({"langs": [post.language]} if post.language else {}),
            **_reply(simulator, post),
        }
    )
    made["text"] = post.text
    made |= {} if isinstance(given, dict) else _attached(simulator, post)
    made.pop("facets", None)
    facets = _facets(simulator, post.text)
    return made | ({"facets": facets} if facets else {})


def _attached(simulator: Simulator, post: Post) -> Json:
    """The pictures that were added on the square."""
    images = [_image(one, media.content(simulator.db, one.id)) for one in media.of_post(simulator.db, post.id)]
    if not images:
        return {}
    hiding = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
    embed = {"$type": "app.bsky.embed.images", "images": images}
    return {"embed": embed, **({"labels": hiding} if post.sensitive else {})}


def _image(one: media.Media, content: bytes) -> Json:
    blob = {"$type": "blob", "ref": {"$link": ids.blob_id(content)}, "mimeType": one.mime, "size": one.size}
    return {"image": blob, "alt": one.alt or "", "aspectRatio": {"width": one.width, "height": one.height}}


def cid(simulator: Simulator, post: Post) -> str:
    return ids.content_id(record(simulator, post))


def strong_ref(simulator: Simulator, post: Post) -> Json:
    return {"uri": uri(post), "cid": cid(simulator, post)}


def profile(owner: Person) -> Json:
    return {"$type": ids.PROFILE, "displayName": owner.name, "description": owner.note}


def _reply(simulator: Simulator, post: Post) -> Json:
    parent = posts.by_id(simulator.db, post.reply_to, network=NETWORK) if post.reply_to else None
    if not parent:
        return {}
    known = record(simulator, parent).get("reply")
    root = known["root"] if isinstance(known, dict) else strong_ref(simulator, parent)
    return {"reply": {"root": root, "parent": strong_ref(simulator, parent)}}


def _facets(simulator: Simulator, text: str) -> list[Json]:
    """Whom the words name, by their places in bytes."""
    found: list[Json] = []
    for match in posts.MENTION.finditer(text):
        named = people.by_handle(simulator.db, match[1])
        if named:
            start = len(text[: match.start()].encode())
            index = {"byteStart": start, "byteEnd": start + len(match[0].encode())}
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": ids.did(named.id)}
            found.append({"index": index, "features": [feature]})
    return found
