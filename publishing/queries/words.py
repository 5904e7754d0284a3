"""All that people wrote or chose about a post, whether or not it would be sent as it stands now."""

from __future__ import annotations

from typing import Any

from delivery.content import content_hash
from publishing.content.snapshot import key
from publishing.models import Post


def words_of(post: Post) -> dict[str, Any]:
    """By kind, to compare with. Whoever changed any of it does not approve the post: a draft without accounts sends
    nothing yet, and what was written into it then goes out later."""
    media = list(post.media.all())
    bare = {"cards": "without pictures"} if post.bare_cards else {}
    return bare | {
        "title": post.title,
        "text": post.core_text,
        "language": post.language,
        "link": post.link,
        "variants": {key(one.account_id, one.language): (one.text, one.link, one.title) for one in post.variants.all()},
        "media": [(one.pk, one.file.name) for one in media],
        "descriptions": {one.pk: (one.alts, one.decorative) for one in media},
        "captions": {one.pk: sorted((its.language, its.webvtt.name) for its in one.captions.all()) for one in media},
    }


def hash_of(words: dict[str, Any]) -> str:
    """Which words an event means: the trail proves it, and holds none of them."""
    return content_hash(words)


def rewritten(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The kinds of words that differ."""
    return sorted(kind for kind in {*before, *after} if before.get(kind) != after.get(kind))
