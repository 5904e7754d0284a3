"""From LinkedIn's JSON to the port's values.

Of a citizen nothing is kept but the id that the API tells: its terms let nobody store a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from networks.answers import parts_of
from networks.linkedin.text import unescape
from networks.linkedin.urns import CommentUrn, address, comment_urn
from networks.looking import said
from networks.types import Attachment, Author, Identity, Incoming, Kind, Measure, Metric, PostRef

Json = Mapping[str, Any]

ORGANIZATION = "urn:li:organization:"
BEGINNING = 10**12  # milliseconds since 1970: before anything was written there


def ref_of(urn: str, site: str) -> PostRef:
    return PostRef(urn, address(urn, site))


def read_identity(told: Json, site: str) -> Identity:
    """A page; ValueError where the answer is JSON but no page."""
    if not told.get("id"):
        raise ValueError("not an organisation")
    handle = str(told.get("vanityName") or told["id"])
    name = str(told.get("localizedName") or handle)
    return Identity(f"{ORGANIZATION}{told['id']}", handle, name, f"{site}/company/{handle}/")


def read_author(urn: str) -> Author:
    """Whoever wrote; their id alone."""
    if not urn.startswith("urn:li:"):
        raise ValueError("nobody")
    return Author(urn, urn.rpartition(":")[2])


def instant(milliseconds: Any) -> datetime:
    """ValueError where that is no moment since LinkedIn is there."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int) or milliseconds < BEGINNING:
        raise ValueError("no moment")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def read_post(told: Json, kind: Kind, site: str) -> Incoming:
    """A post as a message."""
    return Incoming(
        ref=ref_of(str(told["id"]), site),
        kind=kind,
        author=read_author(str(told["author"])),
        text=unescape(str(told.get("commentary") or "")),
        created_at=instant(told.get("createdAt") or told["publishedAt"]),
    )


def urn_of_comment(told: Json) -> CommentUrn:
    """Its whole name, from the object itself; ValueError where it tells none."""
    found = comment_urn(str(told.get("commentUrn") or told.get("$URN") or ""))
    if not found and told.get("object") and told.get("id"):
        found = CommentUrn(str(told["object"]), str(told["id"]))
    if not found:
        raise ValueError("not a comment")
    return found


def read_comment(told: Json, kind: Kind, site: str, *, below: str = "", told_to: str = "") -> Incoming:
    """A comment as a message. `below` is the post that it is known to hang below, at whatever depth."""
    urn = urn_of_comment(told)
    post = below or urn.object
    above = comment_urn(str(told.get("parentComment") or ""))
    return Incoming(
        ref=ref_of(str(urn), site),
        kind=kind,
        author=read_author(str(told["actor"])),
        text=said(told["message"]["text"]) or "",
        created_at=instant(told["created"]["time"]),
        parent=ref_of(str(above) if above else post, site),
        root=ref_of(post, site),
        told=(told_to,) if told_to else (),
        attachments=tuple(_pictures(told)),
    )


def _pictures(told: Json) -> Iterator[Attachment]:
    """Those at a comment; the network tells no words for them, and of a comment in its notifications none at all."""
    for one in parts_of(told, "content"):
        if one.get("type") == "IMAGE" and (url := said(one.get("url"))):
            yield Attachment("picture", url)


def read_notification(told: Json, site: str) -> Incoming:
    """What the network tells a page: a comment below its post, or a post that names it."""
    page = str(told["organizationalEntity"])
    source = told.get("decoratedSourcePost") or {}
    post = str(source.get("entity") or told["sourcePost"])
    at = instant(told["lastModifiedAt"])
    if told["action"] == "SHARE_MENTION":
        author, text = read_author(str(source["owner"])), str(source.get("text") or "")
        return Incoming(ref_of(post, site), Kind.MENTION, author, text, at, told=(page,))
    comment = told["decoratedGeneratedActivity"]["comment"]
    urn = comment_urn(str(comment.get("entity") or told["generatedActivity"]))
    if urn is None:
        raise ValueError("not a comment")
    above = comment_urn(str(comment.get("parentComment") or ""))
    return Incoming(
        ref=ref_of(str(urn), site),
        kind=Kind.REPLY,
        author=read_author(str(comment["owner"])),
        text=str(comment.get("text") or ""),
        created_at=at,
        parent=ref_of(str(above) if above else post, site),
        root=ref_of(post, site),
        told=(page,),
        in_short=True,
    )


SHARE_FIGURES = {
    "impressionCount": Metric.VIEWS,
    "uniqueImpressionsCount": Metric.REACH,
    "clickCount": Metric.CLICKS,
    "likeCount": Metric.LIKES,
    "commentCount": Metric.REPLIES,
    "shareCount": Metric.SHARES,
}


def read_share_figures(told: Json, subject: str, at: datetime) -> Iterator[Measure]:
    """The statistics of a page's posts together, or of one of them."""
    totals = told.get("totalShareStatistics") or {}
    for name, metric in SHARE_FIGURES.items():
        if isinstance(totals.get(name), int):
            source = f"linkedin:organizationalEntityShareStatistics.{name}"
            yield Measure(subject, metric, int(totals[name]), at, source)


def read_social_figures(told: Json, subject: str, at: datetime) -> Iterator[Measure]:
    """What a comment of ours met with."""
    places = (
        ("likesSummary", "aggregatedTotalLikes", Metric.LIKES),
        ("commentsSummary", "aggregatedTotalComments", Metric.REPLIES),
    )
    for part, name, metric in places:
        value = (told.get(part) or {}).get(name)
        if isinstance(value, int):
            yield Measure(subject, metric, value, at, f"linkedin:socialActions.{part}.{name}")
