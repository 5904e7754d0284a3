"""The checks that every network shares; a connector brings its own way of counting."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from networks.catalogue import Capabilities
from networks.types import Draft, Media, Problem

GRAPHEME = regex.compile(r"\X")


def graphemes(text: str) -> int:
    """Characters as a reader sees them: a family emoji is one, a letter with its accent is one."""
    return sum(1 for _ in GRAPHEME.finditer(text))


def problems(draft: Draft, capabilities: Capabilities, length: int, sent: str) -> tuple[Problem, ...]:
    """What `capabilities` forbid about `draft`, whose text goes out as `sent` and counts `length`."""
    return (*_text(draft, capabilities, length, sent), *_media(draft, capabilities))


def _text(draft: Draft, capabilities: Capabilities, length: int, sent: str) -> Iterator[Problem]:
    if not sent.strip() and not draft.media:
        yield Problem("text", "text_empty")
    if length > capabilities.text_limit:
        yield Problem("text", "text_too_long", capabilities.text_limit, length)
    size = len(sent.encode())
    if capabilities.byte_limit is not None and size > capabilities.byte_limit:
        yield Problem("text", "text_too_long", capabilities.byte_limit, size)


def _media(draft: Draft, capabilities: Capabilities) -> Iterator[Problem]:
    if len(draft.media) > capabilities.max_media:
        yield Problem("media", "too_many_media", capabilities.max_media, len(draft.media))
    for index, media in enumerate(draft.media):
        yield from _one_medium(f"media.{index}", media, capabilities)


def _one_medium(field: str, media: Media, capabilities: Capabilities) -> Iterator[Problem]:
    if media.mime not in capabilities.media_types:
        yield Problem(field, "media_type")
    size = media.path.stat().st_size if media.path.is_file() else 0
    if size > capabilities.media_bytes:
        yield Problem(field, "media_too_large", capabilities.media_bytes, size)
    alt = graphemes(media.alt)
    if not media.alt.strip() and not media.decorative:
        yield Problem(field, "alt_missing")
    if alt > capabilities.alt_limit:
        yield Problem(field, "alt_too_long", capabilities.alt_limit, alt)
