"""What a post would send now, and what changed since somebody last looked at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from approvals.models import Request
from publishing.content.differences import Piece, changed, compare
from publishing.content.snapshot import Snapshot, key
from publishing.models import Post


@dataclass(frozen=True)
class Change:
    """How one variant differs from what was shown before."""

    key: str
    pieces: list[Piece]
    link: list[Piece]
    title: list[Piece]
    media_changed: bool
    card_changed: bool
    is_new: bool
    is_gone: bool

    @property
    def is_link_changed(self) -> bool:
        return changed(self.link)

    @property
    def is_title_changed(self) -> bool:
        return changed(self.title)

    @property
    def is_any(self) -> bool:
        told = (self.is_new, self.is_gone, self.media_changed, self.card_changed)
        return any(told) or any(changed(one) for one in (self.pieces, self.link, self.title))


def snapshot_of(post: Post) -> Snapshot:
    """Every variant as it would be sent now. Reads the variants and images that are prefetched, else the database."""
    contents: dict[str, dict[str, Any]] = {}
    hashes: dict[str, str] = {}
    for variant in post.variants.all():
        variant.post = post
        name = key(variant.account_id, variant.language)
        contents[name], hashes[name] = variant.frozen()
    return Snapshot(contents, hashes)


def last_reviewed(post: Post, *, other_than: str) -> Request | None:
    """The newest submission whose content is not `other_than` (a hash): what a reviewer saw before."""
    return post.submissions.exclude(content_hash=other_than).first()


def changes_since(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> dict[str, Change]:
    """Changes by variant key, only of variants that changed; empty without a `before`."""
    if before is None:
        return {}
    found = {}
    for name in [*after, *(gone for gone in before if gone not in after)]:
        change = _change(name, before.get(name), after.get(name))
        if change.is_any:
            found[name] = change
    return found


def _change(name: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Change:
    old, new = before or {}, after or {}
    return Change(
        key=name,
        pieces=compare(old.get("text", ""), new.get("text", "")),
        link=compare(old.get("link", ""), new.get("link", "")),
        title=compare(old.get("title", ""), new.get("title", "")),
        media_changed=old.get("media", []) != new.get("media", []),
        card_changed=old.get("card") != new.get("card"),
        is_new=before is None,
        is_gone=after is None,
    )
