"""What would be sent, frozen: one shape and one hash for approvals, deliveries and the call itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from networks.types import Draft, Media, PostRef

Content = dict[str, Any]


class MediaChanged(Exception):
    """A file is gone, or is no longer what was approved; the argument is its path."""


def freeze(draft: Mapping[str, Any]) -> tuple[Content, str]:
    """`draft` in the one shape that is stored and sent, with its hash.

    Keys: `text`, `language`, `link`, `title`, `media` (list of `path` below MEDIA_ROOT, `mime`, `alt`, `decorative`),
    `reply_to` and `reply_root` (`id`, `url`, `cid`). Missing ones are empty. The bytes of each file enter
    the hash as `sha256`.
    """
    content: Content = {name: str(draft.get(name) or "") for name in ("text", "language", "link", "title")}
    content["media"] = [_medium(medium) for medium in draft.get("media") or ()]
    for name in ("reply_to", "reply_root"):
        ref = draft.get(name)
        content[name] = {part: str(ref.get(part) or "") for part in ("id", "url", "cid")} if ref else None
    return content, content_hash(content)


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of a frozen content."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def as_draft(content: Mapping[str, Any]) -> Draft:
    """The draft that a connector sends, or looks for."""
    return Draft(
        text=content["text"],
        language=content["language"],
        link=content["link"],
        title=content["title"],
        media=tuple(_as_media(medium) for medium in content["media"]),
        reply_to=_as_ref(content["reply_to"]),
        reply_root=_as_ref(content["reply_root"]),
    )


def require_media(content: Mapping[str, Any]) -> None:
    """Raises MediaChanged where a file is no longer the frozen one."""
    for medium in content["media"]:
        if not medium["sha256"] or _digest(_place(medium["path"])) != medium["sha256"]:
            raise MediaChanged(medium["path"])


def _medium(medium: Mapping[str, Any]) -> dict[str, Any]:
    path = str(medium["path"])
    return {
        "path": path,
        "mime": str(medium["mime"]),
        "alt": str(medium.get("alt") or ""),
        "decorative": bool(medium.get("decorative")),
        "sha256": _digest(_place(path)),
    }


def _as_media(medium: Mapping[str, Any]) -> Media:
    path = _place(medium["path"])
    return Media(path=path, mime=medium["mime"], alt=medium["alt"], decorative=medium["decorative"])


def _as_ref(ref: Mapping[str, str] | None) -> PostRef | None:
    return PostRef(id=ref["id"], url=ref["url"], cid=ref["cid"]) if ref else None


def _place(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def _digest(place: Path) -> str:
    """Empty when there is no such file: a content with such a medium is never sent."""
    if not place.is_file():
        return ""
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
