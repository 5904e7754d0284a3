"""From Facebook's JSON to the port's values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qs

from networks.addresses import host_of, taken_apart
from networks.answers import parts_of
from networks.facts import inner, whole
from networks.graph.reading import Json, insight, listed, read_id, read_instant, total
from networks.types import Attachment, Audience, Author, Identity, Incoming, Kind, Measure, Metric, PostRef

WORDS = "id,message,created_time,from{id,name},permalink_url"
HANGS = "media_type,type,media,url"
POST = f"{WORDS},is_hidden,privacy{{value}},attachments{{{HANGS}}}"
COMMENT = f"{WORDS},parent{{id}},is_hidden,is_private,attachment"
# By its kind, as a post and as a comment tells it; a link is no part of ours.
HANGING = {
    "photo": "picture",
    "album": "picture",
    "sticker": "picture",
    "animated_image_share": "picture",
    "animated_image_video": "video",
    "video": "video",
    "video_inline": "video",
}
COMMENT_FIGURES = "like_count,comment_count"
# Whom the author of a post chose; their friends are to it what followers are elsewhere.
PRIVACY = {
    "EVERYONE": Audience.PUBLIC,
    "ALL_FRIENDS": Audience.FOLLOWERS,
    "FRIENDS_OF_FRIENDS": Audience.FOLLOWERS,
    "CUSTOM": Audience.DIRECT,
    "SELF": Audience.DIRECT,
}
FIGURES = (
    "reactions.summary(total_count).limit(0),comments.filter(stream).summary(total_count).limit(0),shares,"
    "insights.metric(post_media_view)"
)
POST_PATH = re.compile(r"/(\d+|[\w.\-]+)/(?:posts|videos|photos)/(?:[^/]+/)*?(\d+)/?")


def post_url(identifier: str, site: str) -> str:
    """Where the site shows a page's post, as the network itself writes it; nothing for the id of anything else."""
    page, _, post = identifier.partition("_")
    return f"{site}/{page}/posts/{post}" if page.isdigit() and post.isdigit() else ""


def read_post(told: Json, site: str) -> PostRef:
    """A post that was made or shown; ValueError where the answer is none."""
    identifier = read_id(told)
    return PostRef(identifier, str(told.get("permalink_url") or post_url(identifier, site)))


def read_comment(told: Json, below: PostRef, site: str) -> PostRef:
    """An answer of ours `below` a post or a comment. Its address follows from its id where the network tells none."""
    identifier = read_id(told)
    number = identifier.rpartition("_")[2]
    known = below.url.partition("?")[0] or post_url(below.id, site)
    address = f"{known}?comment_id={number}" if known else f"{site}/{identifier}"
    return PostRef(identifier, str(told.get("permalink_url") or address))


def read_author(told: Json) -> Author:
    """Who wrote; without a name or an id where the network hides the person from us."""
    author = inner(told, "from")
    identifier, name = str(author.get("id") or ""), str(author.get("name") or "")
    return Author(identifier, name or identifier, name)


def read_message(told: Json, kind: Kind, page: str, site: str) -> Incoming:
    """A post or a comment. Where a comment hangs is told by its `parent`, or else by its own id and address."""
    ref = read_post(told, site)
    return Incoming(
        ref=ref,
        kind=kind,
        author=read_author(told),
        text=str(told.get("message") or ""),
        created_at=read_instant(told["created_time"]),
        parent=parent_of(told, ref, page),
        root=root_of(ref, page),
        told=(page,),
        audience=read_audience(told),
        attachments=tuple(read_attachments(told)),
    )


def read_attachments(told: Json) -> Iterator[Attachment]:
    """Pictures and films of a post or a comment, with the still picture that the network shows of each. It tells no
    words for them."""
    for one in (*parts_of(inner(told, "attachments"), "data"), inner(told, "attachment")):
        kind = HANGING.get(str(one.get("media_type") or one.get("type") or ""))
        image = inner(inner(one, "media"), "image")
        if kind:
            still, size = str(image.get("src") or ""), (whole(image.get("width")), whole(image.get("height")))
            url = still if kind == "picture" else str(one.get("url") or "")
            preview = still if kind == "video" else ""
            yield Attachment(kind, url, preview=preview, width=size[0], height=size[1])


def read_audience(told: Json) -> Audience | None:
    """Who sees it; None where the network does not say. What a page has hidden, its author's friends go on seeing."""
    if told.get("is_private"):
        return Audience.DIRECT
    if told.get("is_hidden"):
        return Audience.FOLLOWERS
    if chosen := inner(told, "privacy").get("value"):
        return PRIVACY.get(str(chosen))
    return Audience.PUBLIC if told.get("is_private") is False and told.get("is_hidden") is False else None


def is_comment(ref: PostRef) -> bool:
    return "comment_id" in parse_qs(taken_apart(ref.url).query)


def is_answer(ref: PostRef) -> bool:
    """Whether it is a comment that stands below another one, by its address."""
    return "reply_comment_id" in parse_qs(taken_apart(ref.url).query)


def root_of(ref: PostRef, page: str) -> PostRef | None:
    """The post below which a comment stands, by the first half of its id; None for what is no comment."""
    return PostRef(f"{page}_{ref.id.partition('_')[0]}") if is_comment(ref) else None


def parent_of(told: Json, ref: PostRef, page: str) -> PostRef | None:
    named = inner(told, "parent").get("id")
    if named:
        return PostRef(str(named))
    asked = parse_qs(taken_apart(ref.url).query)
    if "reply_comment_id" in asked:
        return PostRef(f"{ref.id.partition('_')[0]}_{asked['comment_id'][0]}")
    return root_of(ref, page)


def post_id(url: str, page: str, handle: str, site: str) -> str:
    """The id of the page's post that the site shows at `url`; empty where that is none of its addresses."""
    if host_of(url) not in (host_of(site), host_of(site).removeprefix("www.")):
        return ""
    parts = taken_apart(url)
    asked = parse_qs(parts.query)
    if "comment_id" in asked:
        return ""
    if parts.path.rstrip("/") in ("/permalink.php", "/story.php"):
        whose, post = asked.get("id", [""])[0], asked.get("story_fbid", [""])[0]
    else:
        found = POST_PATH.fullmatch(parts.path)
        whose, post = found.groups() if found else ("", "")
    ours = whose == page or (bool(handle) and whose.casefold() == handle.casefold())
    return f"{page}_{post}" if ours and post.isdigit() else ""


def read_identity(told: Json, site: str) -> Identity:
    """Who a page is; ValueError where the answer is JSON but no page."""
    identifier = read_id(told)
    name = str(told.get("name") or identifier)
    address = str(told.get("link") or f"{site}/{identifier}")
    return Identity(identifier, str(told.get("username") or identifier), name, address)


def read_account_figures(told: Json, at: datetime) -> Iterator[Measure]:
    for name in ("followers_count", "fan_count"):
        if isinstance(told.get(name), int):
            yield Measure("", Metric.FOLLOWERS, int(told[name]), at, f"facebook:page.{name}")
            break
    yield from _insights(told, "", "page_media_view", at)


def read_post_figures(told: Json, subject: str, at: datetime) -> Iterator[Measure]:
    for metric, edge in ((Metric.LIKES, "reactions"), (Metric.REPLIES, "comments")):
        count = total(told, edge)
        if count is not None:
            yield Measure(subject, metric, count, at, f"facebook:post.{edge}.summary.total_count")
    shares = (told.get("shares") or {}).get("count")
    if isinstance(shares, int):
        yield Measure(subject, Metric.SHARES, shares, at, "facebook:post.shares.count")
    yield from _insights(told, subject, "post_media_view", at)


def read_comment_figures(told: Json, subject: str, at: datetime) -> Iterator[Measure]:
    for metric, name in ((Metric.LIKES, "like_count"), (Metric.REPLIES, "comment_count")):
        if isinstance(told.get(name), int):
            yield Measure(subject, metric, int(told[name]), at, f"facebook:comment.{name}")


def _insights(told: Json, subject: str, name: str, at: datetime) -> Iterator[Measure]:
    for one in listed(told.get("insights") or {}):
        value = insight(one) if one.get("name") == name else None
        if value is not None:
            yield Measure(subject, Metric.VIEWS, value, at, f"facebook:insights.{name}")
