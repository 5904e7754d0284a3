"""What would be sent, frozen: one shape and one hash for approvals, deliveries and the call itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from networks.composition import compose
from networks.folding import folded
from networks.types import Audience, Captions, Draft, LinkCard, Media, PostRef

Content = dict[str, Any]


class MediaChanged(Exception):
    """A file is gone, or is no longer what was approved; the argument is its path."""


def freeze(draft: Mapping[str, Any]) -> tuple[Content, str]:
    """`draft` in the one shape that is stored and sent, with its hash.

    Keys: `text`, `language`, `link`, `title`, `media` (list of `path` below MEDIA_ROOT, `mime`, `alt`, `decorative`;
    of a video besides `seconds` and `captions`, a list of `path`, `mime`, `language`), `reply_to` and `reply_root`
    (`id`, `url`, `cid`). Missing ones are empty. The bytes of each file enter the hash as `sha256`. A reply besides
    has `audience` and may have `warning`: who sees it is part of what was decided; and `summoned`, which its price
    depends on. `card` is what stands below a text for the page behind its link (`title`, `description`, and of its
    `picture` `path` and `mime`), where somebody read it.
    """
    content: Content = {name: str(draft.get(name) or "") for name in ("text", "language", "link", "title")}
    content["media"] = [_medium(medium) for medium in draft.get("media") or ()]
    for name in ("reply_to", "reply_root"):
        ref = draft.get(name)
        content[name] = {part: str(ref.get(part) or "") for part in ("id", "url", "cid")} if ref else None
    content |= {name: str(draft[name]) for name in ("audience", "warning") if draft.get(name)}
    content |= {"summoned": True} if draft.get("summoned") else {}
    content |= {"card": _card(draft["card"])} if draft.get("card") else {}
    return content, content_hash(content)


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of a frozen content."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def likeness(content: Mapping[str, Any], network: str) -> str:
    """What contents share that say the same to who reads them on `network`, however it is typed: SHA-256, in
    hexadecimal, of their words folded (`networks.folding`), their link and their files. Language and descriptions make
    no difference."""
    sent = compose(as_draft(content), network)
    files = [medium["sha256"] for medium in content["media"]]
    return content_hash({"said": [folded(content["title"]), folded(sent.text), sent.card and sent.card.url, files]})


def as_draft(content: Mapping[str, Any], address: Callable[[int], str] | None = None) -> Draft:
    """The draft that a connector sends, or looks for.

    `address` tells the public address of the medium with a number, for a network that fetches files itself.
    """
    return Draft(
        text=content["text"],
        language=content["language"],
        link=content["link"],
        title=content["title"],
        media=tuple(
            _as_media(medium, address(number) if address else "") for number, medium in enumerate(content["media"])
        ),
        reply_to=_as_ref(content["reply_to"]),
        reply_root=_as_ref(content["reply_root"]),
        audience=Audience(content["audience"]) if content.get("audience") else None,
        warning=content.get("warning", ""),
        summoned=bool(content.get("summoned")),
        card=_as_card(content.get("card")),
    )


def files_of(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every file that goes out with a content: its media, their captions, the picture of its card."""
    for medium in content["media"]:
        yield from (medium, *medium.get("captions", ()))
    if picture := content.get("card", {}).get("picture"):
        yield picture


def require_media(content: Mapping[str, Any]) -> None:
    """Raises MediaChanged where a file is no longer the frozen one."""
    for file in files_of(content):
        if not file["sha256"] or _digest(place_of(file["path"])) != file["sha256"]:
            raise MediaChanged(file["path"])


def is_intact(file: Mapping[str, Any]) -> bool:
    """True while a file of a content (`files_of`) still is the frozen one, by a look that costs little."""
    return bool(file["sha256"]) and _known_digest(place_of(file["path"])) == file["sha256"]


def _medium(medium: Mapping[str, Any]) -> dict[str, Any]:
    told = {
        **_file(medium),
        "alt": str(medium.get("alt") or ""),
        "decorative": bool(medium.get("decorative")),
    }
    if told["mime"].startswith("video/"):
        told["seconds"] = medium.get("seconds")
        told["captions"] = [{**_file(one), "language": str(one["language"])} for one in medium.get("captions") or ()]
    return told


def _card(card: Mapping[str, Any]) -> dict[str, Any]:
    told = {"title": str(card["title"]), "description": str(card.get("description") or "")}
    return {**told, "picture": _file(card["picture"]) if card.get("picture") else None}


def _as_card(card: Mapping[str, Any] | None) -> LinkCard | None:
    if card is None:
        return None
    picture = card["picture"] and Media(place_of(card["picture"]["path"]), card["picture"]["mime"], decorative=True)
    return LinkCard(card["title"], card["description"], picture)


def _file(medium: Mapping[str, Any]) -> dict[str, Any]:
    path = str(medium["path"])
    return {"path": path, "mime": str(medium["mime"]), "sha256": _known_digest(place_of(path))}


def _as_media(medium: Mapping[str, Any], url: str) -> Media:
    captions = medium.get("captions", ())
    return Media(
        path=place_of(medium["path"]),
        mime=medium["mime"],
        alt=medium["alt"],
        decorative=medium["decorative"],
        url=url,
        captions=tuple(Captions(place_of(one["path"]), one["mime"], one["language"]) for one in captions),
        seconds=medium.get("seconds"),
    )


def _as_ref(ref: Mapping[str, str] | None) -> PostRef | None:
    return PostRef(id=ref["id"], url=ref["url"], cid=ref["cid"]) if ref else None


def place_of(path: str) -> Path:
    """Where a file of a content lies."""
    return Path(settings.MEDIA_ROOT) / path


def _known_digest(place: Path) -> str:
    """As `_digest`, but read once as long as the file looks untouched: a video is long, and asked for on each page.

    Before a file is sent, `require_media` reads it anew.
    """
    try:
        found = place.stat()
    except OSError:
        return ""
    return _digest_once(place, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=2000)
def _digest_once(place: Path, inode: int, size: int, changed: int) -> str:
    return _digest(place)


def _digest(place: Path) -> str:
    """Empty when there is no such file: a content with such a medium is never sent."""
    if not place.is_file():
        return ""
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
