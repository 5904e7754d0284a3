"""From YouTube's JSON to the port's values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from networks.answers import parts_of
from networks.calls import each_readable
from networks.facts import inner
from networks.looking import require_words, said
from networks.markup import unescaped
from networks.types import Author, Identity, Incoming, Kind, Measure, Metric, PostRef
from networks.youtube.addresses import COMMENT, VIDEO, channel_url, comment_url, thread_of, video_url

Json = Mapping[str, Any]

# A video that failed its processing, or that only its owner sees, is not there for the public.
NOT_THERE = ("deleted", "failed", "rejected")
AUTOMATIC = "asr"  # captions that the network made by itself, of what it heard


def read_identity(listed: Json, base_url: str) -> Identity | None:
    """Whose the credentials are; None for a Google account without a channel. ValueError where it is no answer."""
    if not isinstance(listed.get("items", []), list) or listed.get("kind") != "youtube#channelListResponse":
        raise ValueError("not a list of channels")
    items = listed.get("items") or []
    if not items:
        return None
    channel, snippet = str(items[0]["id"]), items[0]["snippet"]
    name = str(snippet.get("title") or channel)
    handle = str(snippet.get("customUrl") or name).removeprefix("@")
    return Identity(channel, handle, name, channel_url(channel, base_url))


def read_video_ref(video: Json, base_url: str) -> PostRef:
    """Where a video is; ValueError where the answer is JSON but no video."""
    found = str(video["id"])
    if not VIDEO.fullmatch(found):
        raise ValueError("not a video")
    return PostRef(found, video_url(found, base_url))


def is_public(video: Json) -> bool:
    """Whether anybody sees it, as far as the answer tells."""
    status = video.get("status") or {}
    return status.get("privacyStatus") != "private" and status.get("uploadStatus") not in NOT_THERE


def captions_language(track: Json) -> str:
    """The language, in small letters, of captions that people can choose and that somebody wrote; else empty."""
    snippet = track["snippet"]
    written = str(snippet.get("trackKind") or "").lower() != AUTOMATIC
    served = not snippet.get("isDraft") and snippet.get("status") != "failed"
    return str(snippet["language"]).lower() if written and served else ""


def read_video(video: Json, kind: Kind, base_url: str) -> Incoming:
    """A video as a message: its description is the text."""
    snippet = video["snippet"]
    require_words(snippet.get("description"))
    return Incoming(
        ref=read_video_ref(video, base_url),
        kind=kind,
        author=_channel(snippet, base_url),
        text=str(snippet.get("description") or ""),
        created_at=read_instant(snippet["publishedAt"]),
        language=str(snippet.get("defaultLanguage") or ""),
    )


def read_hit(hit: Json, base_url: str) -> Incoming:
    """A video that a search found: title and the beginning of its description, which this call alone gives as HTML."""
    snippet = hit["snippet"]
    words = [unescaped(str(snippet.get(name) or "")) for name in ("title", "description")]
    return Incoming(
        ref=read_video_ref({"id": hit["id"]["videoId"]}, base_url),
        kind=Kind.SEARCH_HIT,
        author=_channel(snippet, base_url),
        text="\n\n".join(part for part in words if part),
        created_at=read_instant(snippet["publishedAt"]),
    )


def read_comment_id(comment: Json) -> str:
    """The id of a comment; ValueError where the answer is JSON but no comment."""
    found = str(comment["id"])
    if comment.get("kind") not in ("youtube#comment", "youtube#commentThread") or not COMMENT.fullmatch(found):
        raise ValueError("not a comment")
    return found


def read_comment(comment: Json, *, video: str, about: str, base_url: str) -> Incoming:
    """A comment below `video` (empty: about the channel itself); `about` is the channel that the network tells of it.

    `parent` is the comment that it answers, or the video.
    """
    snippet, identifier = comment["snippet"], read_comment_id(comment)
    above = str(snippet.get("parentId") or "")
    root = PostRef(video, video_url(video, base_url)) if video else None
    parent = PostRef(above, comment_url(above, video, base_url)) if above else root
    channel = str((snippet.get("authorChannelId") or {}).get("value") or "")
    name = str(snippet.get("authorDisplayName") or "")
    return Incoming(
        ref=PostRef(identifier, comment_url(identifier, video, base_url)),
        kind=Kind.REPLY if parent else Kind.MENTION,
        author=Author(channel, name.removeprefix("@"), name, channel_url(channel, base_url) if channel else ""),
        text=words_of(comment),
        created_at=read_instant(snippet["publishedAt"]),
        parent=parent,
        root=root,
        told=(about,) if about else (),
    )


def as_heard(item: Incoming, channel: str) -> Incoming:
    """What `channel` wrote itself is an answer of its own."""
    return replace(item, kind=Kind.ANSWER) if item.author.id == channel else item


def read_thread(thread: Json, *, about: str, base_url: str) -> tuple[Incoming, ...]:
    """The answers that came along with a thread, and last its top-level comment."""
    snippet = thread["snippet"]
    video = str(snippet.get("videoId") or "")
    told = [*parts_of(inner(thread, "replies"), "comments"), snippet.get("topLevelComment")]
    return each_readable(told, partial(read_comment, video=video, about=about, base_url=base_url))


def read_thread_id(thread: Json) -> str:
    """The id of a thread, which is its top-level comment's; ValueError where the answer is JSON but no thread."""
    return read_comment_id(thread)


def lane_of(thread: Json) -> str:
    """A thread of whose answers the network kept some back, and its video; empty where it kept none."""
    here, snippet = len(parts_of(inner(thread, "replies"), "comments")), thread["snippet"]
    more = int(snippet.get("totalReplyCount") or 0) > here
    return f"{thread['id']} {snippet.get('videoId') or ''}" if more else ""


def listed_video(snippet: Json) -> str:
    """The video that an entry of a list is about; ValueError where it names none."""
    video = snippet["resourceId"]["videoId"]
    if not isinstance(video, str) or not VIDEO.fullmatch(video):
        raise ValueError("no video")
    return video


def words_of(comment: Json) -> str:
    """The words of a comment that was asked for as plain text."""
    snippet = comment["snippet"]
    return said(snippet.get("textOriginal")) or said(snippet.get("textDisplay")) or ""


def is_by(comment: Json, channel: str) -> bool | None:
    """Whether `channel` wrote it; None where the answer does not say who did."""
    writer = said((comment["snippet"].get("authorChannelId") or {}).get("value"))
    return writer == channel if writer else None


def written(told: Json) -> datetime:
    return read_instant(told["snippet"]["publishedAt"])


def below(comment: Json) -> str:
    """The top-level comment of the thread that a comment is in."""
    return str(comment["snippet"].get("parentId") or thread_of(str(comment["id"])))


def read_instant(text: Any) -> datetime:
    """An aware UTC instant; ValueError where `text` is none."""
    found = datetime.fromisoformat(str(text))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


CHANNEL_FIGURES = {"subscriberCount": Metric.FOLLOWERS, "videoCount": Metric.POSTS, "viewCount": Metric.VIEWS}
VIDEO_FIGURES = {"viewCount": Metric.VIEWS, "likeCount": Metric.LIKES, "commentCount": Metric.REPLIES}


def read_channel_figures(channel: Json, at: datetime) -> Iterator[Measure]:
    """The account's counts. A channel that hides its subscribers tells a nought, which is no figure."""
    statistics = channel.get("statistics") or {}
    hidden = ("subscriberCount",) if statistics.get("hiddenSubscriberCount") else ()
    yield from _figures(statistics, CHANNEL_FIGURES, subject="", call="channels", at=at, without=hidden)


def read_video_figures(video: Json, at: datetime) -> Iterator[Measure]:
    """The counts of a video; one that hides its likes, or takes no comments, leaves them out."""
    told = video.get("statistics") or {}
    yield from _figures(told, VIDEO_FIGURES, subject=str(video["id"]), call="videos", at=at)


def read_comment_figures(comment: Json, at: datetime) -> Iterator[Measure]:
    names = {"likeCount": Metric.LIKES}
    yield from _figures(comment["snippet"], names, subject=str(comment["id"]), call="comments", at=at)


def _figures(
    told: Json, names: Mapping[str, Metric], *, subject: str, call: str, at: datetime, without: tuple[str, ...] = ()
) -> Iterator[Measure]:
    for name, metric in names.items():
        if name not in without and str(told.get(name, "")).isdigit():
            yield Measure(subject, metric, int(told[name]), at, f"youtube:{call}.{name}")


def _channel(snippet: Json, base_url: str) -> Author:
    channel, name = str(snippet["channelId"]), str(snippet.get("channelTitle") or "")
    return Author(channel, name or channel, name, channel_url(channel, base_url))
