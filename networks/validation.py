"""The checks that every network shares; a connector brings its own way of counting."""

from __future__ import annotations

import math
from collections.abc import Iterator

import regex

from networks.kinds import Capabilities, Videos
from networks.measures import size_of
from networks.types import Draft, Media, Problem

ROUNDING = 0.01  # of a shape: whole pixels seldom have it to the letter
GRAPHEME = regex.compile(r"\X")
# Before each sign of a run of these the expression counts the run from its beginning; a pair stands for one sign.
FLAG = regex.compile(r"\p{Regional_Indicator}{2}")
HASHTAG = regex.compile(r"(?<![\w&])[#\uFF03]\w*[^\W\d_]\w*")
CASHTAG = regex.compile(r"(?<!\S)\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")
HANDLE = regex.compile(r"(?<![\w.@])@\w[\w.]*")


def graphemes(text: str) -> int:
    """Characters as a reader sees them: a family emoji is one, a letter with its accent is one."""
    return sum(1 for _ in GRAPHEME.finditer(FLAG.sub("a", text)))


def problems(draft: Draft, capabilities: Capabilities, length: int, sent: str) -> tuple[Problem, ...]:
    """What `capabilities` forbid about `draft`, whose text goes out as `sent` and counts `length`."""
    return (
        *_text(draft, capabilities, length, sent),
        *_audience(draft, capabilities),
        *_title(draft, capabilities),
        *_media(draft, capabilities),
        *_video(draft, capabilities),
    )


def _text(draft: Draft, capabilities: Capabilities, length: int, sent: str) -> Iterator[Problem]:
    if not sent.strip() and not draft.media:
        yield Problem("text", "text_empty")
    limit = capabilities.reply_limit if draft.reply_to and capabilities.reply_limit else capabilities.text_limit
    if length > limit:
        yield Problem("text", "text_too_long", limit, length)
    size = len(sent.encode())
    if capabilities.byte_limit is not None and size > capabilities.byte_limit:
        yield Problem("text", "text_too_long", capabilities.byte_limit, size)
    named = {
        "too_many_hashtags": (HASHTAG, capabilities.most_hashtags),
        "too_many_handles": (HANDLE, capabilities.most_handles),
        "too_many_cashtags": (CASHTAG, capabilities.most_cashtags),
    }
    for code, (sign, most) in named.items():
        count = len(sign.findall(sent))
        if most is not None and count > most:
            yield Problem("text", code, most, count)


def _audience(draft: Draft, capabilities: Capabilities) -> Iterator[Problem]:
    if draft.audience is not None and draft.audience not in capabilities.audiences:
        yield Problem("audience", "audience_unknown")


def _title(draft: Draft, capabilities: Capabilities) -> Iterator[Problem]:
    if capabilities.title_limit is None or draft.reply_to:
        return
    length = len(draft.title.strip())
    if not length:
        yield Problem("title", "title_missing")
    elif length > capabilities.title_limit:
        yield Problem("title", "title_too_long", capabilities.title_limit, length)


def _media(draft: Draft, capabilities: Capabilities) -> Iterator[Problem]:
    if draft.reply_to and not capabilities.reply_media:
        if draft.media:
            yield Problem("media", "media_in_reply")
        return
    if capabilities.needs_media and not draft.media and not draft.reply_to:
        yield Problem("media", "media_missing")
    if len(draft.media) > capabilities.max_media:
        yield Problem("media", "too_many_media", capabilities.max_media, len(draft.media))
    for index, media in enumerate(draft.media):
        if not media.is_video:
            yield from _one_medium(f"media.{index}", media, capabilities)


def _one_medium(field: str, media: Media, capabilities: Capabilities) -> Iterator[Problem]:
    if media.mime not in capabilities.media_types:
        yield Problem(field, "media_type")
    size = _size(media)
    if size > capabilities.media_bytes:
        yield Problem(field, "media_too_large", capabilities.media_bytes, size)
    yield from _shape(field, media, capabilities.shape)
    alt = graphemes(media.alt)
    if not media.alt.strip() and not media.decorative:
        yield Problem(field, "alt_missing")
    if alt > capabilities.alt_limit:
        yield Problem(field, "alt_too_long", capabilities.alt_limit, alt)


def _video(draft: Draft, capabilities: Capabilities) -> Iterator[Problem]:
    videos = capabilities.videos
    for index, media in enumerate(draft.media):
        field = f"media.{index}"
        if not media.is_video:
            continue
        if videos is None or media.mime not in videos.types:
            yield Problem(field, "media_type")
            continue
        if videos.alone and len(draft.media) > 1:
            yield Problem(field, "video_not_alone", 1, len(draft.media))
        yield from _shape(field, media, videos.shape)
        size = _size(media)
        if size > videos.max_bytes:
            yield Problem(field, "media_too_large", videos.max_bytes, size)
        yield from _length(field, media.seconds, videos, is_in_album=len(draft.media) > 1)
        yield from _captions(field, media, videos)


def _length(field: str, seconds: float | None, videos: Videos, *, is_in_album: bool) -> Iterator[Problem]:
    if seconds is None:
        return
    in_album = videos.album_seconds if is_in_album else None
    if videos.max_seconds is not None and seconds > videos.max_seconds:
        yield Problem(field, "media_too_long", videos.max_seconds, math.ceil(seconds))
    elif in_album is not None and seconds > in_album:
        yield Problem(field, "media_too_long_in_album", in_album, math.ceil(seconds))
    if videos.min_seconds is not None and seconds < videos.min_seconds:
        yield Problem(field, "media_too_short", math.ceil(videos.min_seconds), int(seconds))


def _shape(field: str, media: Media, shape: tuple[float, float] | None) -> Iterator[Problem]:
    size = size_of(media.path, media.mime) if shape else None
    if shape and size and not shape[0] - ROUNDING <= size[0] / size[1] <= shape[1] + ROUNDING:
        yield Problem(field, "media_shape", actual=round(100 * size[0] / size[1]))


def _captions(field: str, media: Media, videos: Videos) -> Iterator[Problem]:
    """Whoever cannot hear is told in captions or, where the network takes none, in a description that it shows."""
    if videos.captions:
        if not media.captions and not media.decorative:
            yield Problem(field, "captions_missing")
        if any(one.mime not in videos.captions for one in media.captions):
            yield Problem(field, "captions_type")
        if videos.most_captions is not None and len(media.captions) > videos.most_captions:
            yield Problem(field, "too_many_captions", videos.most_captions, len(media.captions))
    elif videos.described and not media.alt.strip() and not media.decorative:
        yield Problem(field, "alt_missing")


def _size(media: Media) -> int:
    return media.path.stat().st_size if media.path.is_file() else 0
