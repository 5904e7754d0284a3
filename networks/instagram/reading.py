"""From Instagram's JSON to the port's values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from networks.addresses import host_of, taken_apart
from networks.facts import inner
from networks.graph.reading import Json, insight, listed, read_id, read_instant
from networks.types import Audience, Author, Identity, Incoming, Kind, Measure, Metric, PostRef

COMMENT = "id,text,timestamp,username,from{id,username},parent_id,hidden"
MEDIA = "id,caption,timestamp,username,permalink"
# What an account has hidden, its author alone goes on seeing. What says nothing of it is not known.
HIDDEN: dict[bool, Audience] = {True: Audience.DIRECT, False: Audience.PUBLIC}
# What may be asked of media that somebody else published and that name us.
MENTIONED = "id,caption,timestamp,username,permalink"
INSIGHTS = {
    "views": Metric.VIEWS,
    "reach": Metric.REACH,
    "likes": Metric.LIKES,
    "comments": Metric.REPLIES,
    "shares": Metric.SHARES,
    "saved": Metric.SAVES,
}
COUNTS = {"followers_count": Metric.FOLLOWERS, "media_count": Metric.POSTS}
MEDIA_PATH = re.compile(r"/(?:[\w.]+/)?(?:p|reel|reels|tv)/([\w-]+)/?")


def read_media(told: Json) -> PostRef:
    return PostRef(read_id(told), str(told.get("permalink") or ""))


def read_shown(told: Json, kind: Kind, ours: str, site: str) -> Incoming:
    """Something that was published, ours or (`kind` MENTION) one that shows us."""
    return Incoming(
        ref=read_media(told),
        kind=kind,
        author=read_author(told, site),
        text=str(told.get("caption") or ""),
        created_at=read_instant(told["timestamp"]),
        told=(ours,),
    )


def read_comment(told: Json, root: PostRef | None, ours: str, site: str) -> Incoming:
    """A comment below the media `root`, or an answer to one. Its address is that of the media, and a sign."""
    parent = told.get("parent_id")
    return Incoming(
        ref=PostRef(read_id(told), comment_url(str(told["id"]), root)),
        kind=Kind.REPLY,
        author=read_author(told, site),
        text=str(told.get("text") or ""),
        created_at=read_instant(told["timestamp"]),
        parent=PostRef(str(parent)) if parent else root,
        root=root,
        told=(ours,),
        audience=HIDDEN.get(hidden) if isinstance(hidden := told.get("hidden"), bool) else None,
    )


def comment_url(identifier: str, root: PostRef | None) -> str:
    return f"{root.url.rstrip('/')}/c/{identifier}/" if root and root.url else ""


def read_author(told: Json, site: str) -> Author:
    """By the id that the network tells, else by the name that everybody sees."""
    author = inner(told, "from") or inner(told, "owner")
    name = str(author.get("username") or told.get("username") or "")
    return Author(str(author.get("id") or name), name, name, f"{site}/{name}/" if name else "")


def read_identity(told: Json, site: str) -> Identity:
    """Whose page this is on Instagram; ValueError where the page has no account there."""
    account = told.get("instagram_business_account") or {}
    identifier, handle = read_id(account), str(account.get("username") or account["id"])
    return Identity(identifier, handle, str(account.get("name") or handle), f"{site}/{handle}/")


def shortcode(url: str, site: str) -> str:
    """What names a publication in its address; empty where `url` is no publication's on `site`."""
    if host_of(url) not in (host_of(site), host_of(site).removeprefix("www.")):
        return ""
    found = MEDIA_PATH.fullmatch(taken_apart(url).path)
    return found.group(1) if found else ""


def read_account_figures(told: Json, at: datetime) -> Iterator[Measure]:
    for name, metric in COUNTS.items():
        if isinstance(told.get(name), int):
            yield Measure("", metric, int(told[name]), at, f"instagram:user.{name}")


def read_insights(told: Json, subject: str, at: datetime) -> Iterator[Measure]:
    for name, value in _named(listed(told)):
        if name in INSIGHTS:
            yield Measure(subject, INSIGHTS[name], value, at, f"instagram:insights.{name}")


def is_comment(ref: PostRef) -> bool:
    """By its address, which is one of ours (`comment_url`): the network gives comments none."""
    return taken_apart(ref.url).path.rstrip("/").endswith(f"/c/{ref.id}")


def read_comment_figures(told: Json, subject: str, at: datetime) -> Iterator[Measure]:
    if isinstance(told.get("like_count"), int):
        yield Measure(subject, Metric.LIKES, int(told["like_count"]), at, "instagram:comment.like_count")


def _named(insights: Iterable[Json]) -> Iterator[tuple[str, int]]:
    for one in insights:
        value = insight(one)
        if value is not None:
            yield str(one.get("name")), value
