"""Posts as records: the key, the rich text, the embeds. Nothing here decides whether to send."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from atproto_client import models
from atproto_client.utils.facet_detection import detect_facets, detect_mentions

from networks.bluesky.reading import POSTS
from networks.composition import Card, compose
from networks.types import AttemptKey, Draft, PostRef

COLLECTION = POSTS
TID_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
# A TID is 53 bits of microseconds and 10 free ones. The lowest 26 bits of time (about a minute) come from the key as
# well: many sends may be planned in one instant, and two of them must never share a record.
COARSE = 26
FREE = 10


def record_key(attempt: AttemptKey) -> str:
    """The record key that one send has for ever: the same attempt, the same address on the network."""
    digest = int.from_bytes(hashlib.sha256(attempt.key.encode()).digest()[:8], "big")
    micros = int(attempt.created_at.timestamp() * 1_000_000) >> COARSE
    number = (micros << (COARSE + FREE)) | (digest & ((1 << (COARSE + FREE)) - 1))
    return "".join(TID_ALPHABET[(number >> shift) & 31] for shift in range(60, -1, -5))


def wire_time(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def build(
    draft: Draft, attempt: AttemptKey, *, images: list[Any], reply: Any, resolve: Callable[[str], str]
) -> models.AppBskyFeedPost.Record:
    """The record, the same for the same draft and attempt. `resolve` gives a handle's DID, empty where it has none."""
    sent = compose(draft, "bluesky")
    return models.AppBskyFeedPost.Record(
        created_at=wire_time(attempt.created_at),
        text=sent.text,
        langs=[draft.language] if draft.language else None,
        facets=facets(sent.text, resolve) or None,
        embed=_embed(draft, sent.card, images),
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


def _embed(draft: Draft, card: Card | None, images: list[Any]) -> Any:
    if images:
        return models.AppBskyEmbedImages.Main(
            images=[
                models.AppBskyEmbedImages.Image(alt=media.alt, image=blob)
                for media, blob in zip(draft.media, images, strict=True)
            ]
        )
    if card:
        return models.AppBskyEmbedExternal.Main(
            external=models.AppBskyEmbedExternal.External(uri=card.url, title=card.title, description="")
        )
    return None


def strong_ref(ref: PostRef) -> Any:
    return models.ComAtprotoRepoStrongRef.Main(uri=ref.id, cid=ref.cid)
