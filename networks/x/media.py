"""Files on their way into a message of X: nobody sees them before that, so a failure here is harmless."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from networks.errors import Invalid, Unavailable
from networks.facts import length
from networks.types import Captions, Media
from networks.x.client import XClient

CHUNK = 4 * 1024 * 1024
LOOKS = 30
SRT = "text/srt"
CAPTION_TYPES = {"application/x-subrip": SRT}
# In the languages' own words, as X shows them to whoever chooses captions.
LANGUAGES = {"fr": "Français", "nl": "Nederlands", "de": "Deutsch", "en": "English"}

Json = dict[str, Any]
Do = Callable[[Callable[[], Json]], Json]


class Uploads:
    """`run` makes one call with clean errors; `pause` waits seconds."""

    def __init__(self, client: XClient, run: Do, pause: Callable[[float], None]) -> None:
        self._client = client
        self._run = run
        self._pause = pause

    def send(self, media: Media) -> str:
        """Upload `media` with its words; the id under which a message can show it."""
        if media.is_video or media.mime == "image/gif":
            identifier = self._in_parts(media.path, media.mime, "tweet_video" if media.is_video else "tweet_gif")
        else:
            identifier = self._at_once(media)
        if media.alt:
            metadata = {"alt_text": {"text": media.alt}}
            self._call("POST", "/metadata", json={"id": identifier, "metadata": metadata})
        for captions in media.captions:
            self._caption(identifier, captions)
        return identifier

    def _at_once(self, media: Media) -> str:
        told = self._call(
            "POST",
            "/upload",
            data={"media_category": "tweet_image"},
            files={"media": (media.path.name, media.path.read_bytes(), media.mime)},
        )
        return self._ready(told)

    def _in_parts(self, path: Path, mime: str, category: str) -> str:
        size = path.stat().st_size
        begun = {"media_type": mime, "media_category": category, "total_bytes": size}
        identifier = _id(self._call("POST", "/upload/initialize", json=begun))
        for index, part in enumerate(_parts(path)):
            self._call(
                "POST",
                f"/upload/{identifier}/append",
                data={"segment_index": str(index)},
                files={"media": (path.name, part, "application/octet-stream")},
            )
        return self._ready(self._call("POST", f"/upload/{identifier}/finalize"))

    def _caption(self, identifier: str, captions: Captions) -> None:
        mime = CAPTION_TYPES.get(captions.mime, captions.mime)
        words = self._in_parts(captions.path, mime, "subtitles")
        code = captions.language.partition("-")[0].lower()
        told = {"id": words, "language_code": code.upper(), "display_name": LANGUAGES.get(code, code)}
        asked = {"id": identifier, "media_category": "TweetVideo", "subtitles": told}
        self._call("POST", "/subtitles", json=asked)

    def _ready(self, told: Json) -> str:
        """The id, once X has worked the file through: `Invalid` where it could not, `Unavailable` where it is slow."""
        identifier = _id(told)
        for _ in range(LOOKS):
            state = told.get("processing_info") or {}
            if state.get("state") == "failed":
                raise Invalid("media", str((state.get("error") or {}).get("message") or "cannot be read"))
            if state.get("state") in (None, "succeeded"):
                return identifier
            self._pause(min(length(state.get("check_after_secs")) or 1.0, 10.0))
            told = self._call("GET", "/upload", params={"command": "STATUS", "media_id": identifier})
        raise Unavailable("media not processed in time")

    def _call(self, method: str, route: str, **more: Any) -> Json:
        return self._run(lambda: self._client.upload(method, route, **more))


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            yield part


def _id(told: Json) -> str:
    """The id of an upload; `Unavailable` where the answer names none."""
    identifier = str(told.get("id") or "")
    if not identifier:
        raise Unavailable("no id for the upload")
    return identifier
