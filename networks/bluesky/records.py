"""Posts as records: the key, the rich text, the embeds. Nothing here decides whether to send."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from atproto_client import models
from atproto_client.utils.facet_detection import detect_facets, detect_mentions

from networks.bluesky.reading import POSTS
from networks.composition import Card, compose
from networks.measures import size_of
from networks.types import AttemptKey, Draft, Media, PostRef

COLLECTION = POSTS
TID_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
# A TID is 53 bits of microseconds and 10 free ones. The lowest 26 bits of time (about a minute) come from the key as
# well: many sends may be planned in one instant, and two of them must never share a record.
COARSE = 26
FREE = 10


@dataclass(frozen=True, slots=True)
class Sent:
    """One medium as the server holds it, and the captions of a video in the order in which it has them."""

    blob: Any
    captions: tuple[Any, ...] = ()


def record_key(attempt: AttemptKey) -> str:
    """The record key that one send has for ever: the same attempt, the same address on the network."""
    digest = int.from_bytes(hashlib.sha256(attempt.key.encode()).digest()[:8], "big")
    micros = int(attempt.created_at.timestamp() * 1_000_000) >> COARSE
    number = (micros << (COARSE + FREE)) | (digest & ((1 << (COARSE + FREE)) - 1))
    return "".join(TID_ALPHABET[(number >> shift) & 31] for shift in range(60, -1, -5))


def wire_time(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def build(
    draft: Draft,
    attempt: AttemptKey,
    *,
    blobs: list[Sent],
    reply: Any,
    resolve: Callable[[str], str],
    thumb: Any = None,
) -> models.AppBskyFeedPost.Record:
    """The record, the same for the same draft and attempt. `blobs` are its media as the server holds them, `thumb` the
    picture of its card; `resolve` gives a handle's DID, empty where it has none."""
    sent = compose(draft, "bluesky")
    return models.AppBskyFeedPost.Record(
        created_at=wire_time(attempt.created_at),
        text=sent.text,
        langs=[draft.language] if draft.language else None,
        facets=facets(sent.text, resolve) or None,
        embed=_embed(draft, sent.card, blobs, thumb),
        reply=reply,
    )


def facets(text: str, resolve: Callable[[str], str]) -> list[Any]:
    """Links and tags as they stand, mentions where the handle is somebody's; in order of place, in bytes."""
    found = list(detect_facets(text))
    dids: dict[str, str] = {}
    for mention in detect_mentions(text):
        handle = mention.handle.lower()
        if handle not in dids:
            dids[handle] = resolve(handle)
        if dids[handle]:
            found.append(
                models.AppBskyRichtextFacet.Main(
                    features=[models.AppBskyRichtextFacet.Mention(did=dids[handle])],
                    index=models.AppBskyRichtextFacet.ByteSlice(
                        byte_start=mention.byte_start, byte_end=mention.byte_end
                    ),
                )
            )
    return sorted(found, key=lambda facet: facet.index.byte_start)


def _embed(draft: Draft, card: Card | None, blobs: list[Sent], thumb: Any) -> Any:
    if blobs and draft.media[0].is_video:
        return _video(draft.media[0], blobs[0])
    if blobs:
        return models.AppBskyEmbedImages.Main(
            images=[
                models.AppBskyEmbedImages.Image(alt=media.alt, image=sent.blob, aspect_ratio=_shape(media))
                for media, sent in zip(draft.media, blobs, strict=True)
            ]
        )
    if card:
        told = {"uri": card.url, "title": card.title, "description": card.description, "thumb": thumb}
        return models.AppBskyEmbedExternal.Main(external=models.AppBskyEmbedExternal.External(**told))
    return None


def _video(media: Media, sent: Sent) -> Any:
    captions = [
        models.AppBskyEmbedVideo.Caption(lang=one.language, file=file)
        for one, file in zip(media.captions, sent.captions, strict=True)
    ]
    return models.AppBskyEmbedVideo.Main(
        video=sent.blob, captions=captions or None, alt=media.alt or None, aspect_ratio=_shape(media)
    )


def _shape(media: Media) -> Any:
    """By which a page leaves room before the file is there; without it a picture is shown cut, a film in a square."""
    size = size_of(media.path, media.mime)
    return models.AppBskyEmbedDefs.AspectRatio(width=size[0], height=size[1]) if size else None


def strong_ref(ref: PostRef) -> Any:
    return models.ComAtprotoRepoStrongRef.Main(uri=ref.id, cid=ref.cid)
