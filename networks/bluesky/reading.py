"""From AT Protocol values to the port's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from networks.answers import parts_of
from networks.facts import inner, whole
from networks.types import Attachment, Author, FoundAccount, Incoming, Kind, Measure, Metric, PostRef

Json = Mapping[str, Any]

_LINK = re.compile(r"https?://[^\s<>\"')]{1,500}")
WEB = "https://bsky.app"
POSTS = "app.bsky.feed.post"


def public_url(uri: str, base_url: str, private: bool) -> str:
    """Where anybody can read `uri`: Bluesky's own pages, or the record itself on a server that those do not show."""
    did, collection, rkey = uri.removeprefix("at://").split("/", 2)
    if private:
        query = urlencode({"repo": did, "collection": collection, "rkey": rkey})
        return f"{base_url.rstrip('/')}/xrpc/com.atproto.repo.getRecord?{query}"
    return f"{WEB}/profile/{did}/post/{rkey}"


def post_place(url: str, base_url: str) -> tuple[str, str]:
    """Whose (a DID or a handle) and which post people see at `url`: a page of Bluesky's, the address of the record, or
    the record as the server `base_url` gives it out. Two empty strings where it is none of these."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return "", ""
    where = ""
    if parts.scheme == "at":
        where = f"{parts.netloc}{parts.path}"
    elif parts.scheme in ("http", "https") and parts.netloc.casefold() == urlsplit(base_url).netloc.casefold():
        asked = dict(parse_qsl(parts.query)) if parts.path == "/xrpc/com.atproto.repo.getRecord" else {}
        where = "/".join(asked.get(name, "") for name in ("repo", "collection", "rkey"))
    elif parts.scheme in ("http", "https") and parts.netloc.casefold() == urlsplit(WEB).netloc:
        shown = re.fullmatch(r"/profile/([^/]+)/post/([^/]+)/?", unquote(parts.path))
        where = f"{shown[1]}/{POSTS}/{shown[2]}" if shown else ""
    found = re.fullmatch(rf"([\w.:%-]+)/{re.escape(POSTS)}/([\w.:~-]+)/?", where, re.ASCII)
    return (found[1], found[2]) if found else ("", "")


def profile_url(did: str, base_url: str, private: bool) -> str:
    """Where anybody can see who `did` is, by the same rule."""
    if private:
        return f"{base_url.rstrip('/')}/xrpc/com.atproto.repo.describeRepo?{urlencode({'repo': did})}"
    return f"{WEB}/profile/{did}"


def read_instant(text: str) -> datetime:
    """An aware UTC instant; ValueError where `text` is none."""
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def read_record(record: Json, *, ref: PostRef, author: Author, kind: Kind, created_at: datetime) -> Incoming:
    """A post record as a message. `created_at` is the network's time, not the one that the record claims."""
    langs = record.get("langs")
    reply = record.get("reply") or {}
    return Incoming(
        ref=ref,
        kind=kind,
        author=author,
        text=str(record.get("text") or ""),
        created_at=created_at,
        language=str(langs[0]) if isinstance(langs, list | tuple) and langs else "",
        parent=_ref(reply.get("parent")),
        root=_ref(reply.get("root")),
        told=_addressees(record),
        attachments=tuple(_attachments(record, ref, author.id)),
    )


# What people put before their own pictures with one of these is for eyes that want it.
HIDING = frozenset({"porn", "sexual", "nudity", "graphic-media"})
CDN = "https://cdn.bsky.app/img"


def _attachments(record: Json, ref: PostRef, did: str) -> Iterator[Attachment]:
    """Pictures and films of a record, by the address at which anybody finds them."""
    embed = inner(record, "embed")
    if embed.get("$type") == "app.bsky.embed.recordWithMedia":
        embed = inner(embed, "media")
    hidden = any(str(one.get("val")) in HIDING for one in parts_of(inner(record, "labels"), "values"))
    for kind, shown, part in _shown(embed):
        ratio = inner(shown, "aspectRatio")
        url, preview = _blob(ref, did, shown.get(part), kind)
        size = {name: whole(ratio.get(name)) for name in ("width", "height")}
        yield Attachment(kind, url, str(shown.get("alt") or ""), preview=preview, sensitive=hidden, **size)


def _shown(embed: Json) -> Iterator[tuple[str, Json, str]]:
    if embed.get("$type") == "app.bsky.embed.images":
        yield from (("picture", one, "image") for one in parts_of(embed, "images"))
    elif embed.get("$type") == "app.bsky.embed.video":
        yield "video", embed, "video"


def _blob(ref: PostRef, did: str, blob: Any, kind: str) -> tuple[str, str]:
    """Where a blob of `did` lies, and where a still picture of it does: beside the record on a server of its own, else
    on Bluesky's."""
    held = blob.get("ref") if isinstance(blob, Mapping) else None
    cid = str((held.get("$link") or held.get("link") or "") if isinstance(held, Mapping) else held or "")
    if not re.fullmatch(r"[a-z0-9]{10,100}", cid):
        return "", ""
    home, own, _rest = ref.url.partition("/xrpc/")
    if own:
        return f"{home}/xrpc/com.atproto.sync.getBlob?{urlencode({'did': did, 'cid': cid})}", ""
    if kind == "picture":
        return f"{CDN}/feed_fullsize/plain/{did}/{cid}@jpeg", ""
    return "", f"https://video.bsky.app/watch/{did}/{cid}/thumbnail.jpg"


def _addressees(record: Json) -> tuple[str, ...]:
    """Whom it names, answers or quotes. That a thread's beginner hears of all that is said in it is not promised."""
    parent = str(((record.get("reply") or {}).get("parent") or {}).get("uri", ""))
    authors = {uri.removeprefix("at://").partition("/")[0] for uri in (parent, _quoted(record)) if uri}
    return tuple(sorted(authors | _mentioned(record)))


def kind_for(record: Json, did: str) -> Kind | None:
    """What `record` is to the account `did`; None when it is not about it."""
    ours = f"at://{did}/"
    reply = record.get("reply") or {}
    for end in ("parent", "root"):
        if str((reply.get(end) or {}).get("uri", "")).startswith(ours):
            return Kind.REPLY
    if _quoted(record).startswith(ours):
        return Kind.QUOTE
    return Kind.MENTION if did in _mentioned(record) else None


def _mentioned(record: Json) -> set[str]:
    features = (feature for facet in parts_of(record, "facets") for feature in parts_of(facet, "features"))
    return {str(f.get("did")) for f in features if f.get("$type") == "app.bsky.richtext.facet#mention"}


def _quoted(record: Json) -> str:
    embed = record.get("embed") or {}
    if embed.get("$type") == "app.bsky.embed.recordWithMedia":
        embed = embed.get("record") or {}
    quoted = embed.get("record")
    return str(quoted.get("uri", "")) if isinstance(quoted, Mapping) else ""


def _ref(value: Json | None) -> PostRef | None:
    return PostRef(id=str(value["uri"]), cid=str(value.get("cid") or "")) if value else None


PROFILE_FIGURES = {"followers_count": Metric.FOLLOWERS, "posts_count": Metric.POSTS}
POST_FIGURES = {
    "like_count": Metric.LIKES,
    "reply_count": Metric.REPLIES,
    "repost_count": Metric.SHARES,
    "quote_count": Metric.QUOTES,
}


def read_found(actor: Any, url: str) -> FoundAccount:
    """An account that the search shows."""
    links = dict.fromkeys(_LINK.findall(actor.description or ""))
    since = read_instant(actor.created_at) if actor.created_at else None
    return FoundAccount(actor.did, actor.handle, actor.display_name or actor.handle, url, since, tuple(links))


def read_profile_figures(profile: Any, at: datetime) -> Iterator[Measure]:
    """The counts of an account, as an AppView tells them."""
    yield from _figures(profile, PROFILE_FIGURES, subject="", call="getProfile", at=at)


def read_post_figures(view: Any, at: datetime) -> Iterator[Measure]:
    yield from _figures(view, POST_FIGURES, subject=str(view.uri), call="getPosts", at=at)


def _figures(told: Any, names: Mapping[str, Metric], *, subject: str, call: str, at: datetime) -> Iterator[Measure]:
    for name, metric in names.items():
        value = getattr(told, name, None)
        if isinstance(value, int):
            first, _, last = name.partition("_")
            yield Measure(subject, metric, value, at, f"bluesky:{call}.{first}{last.title()}")
