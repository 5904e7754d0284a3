"""Pictures and films on their way to a page: everything here stays invisible until a post shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from networks.errors import Invalid, Unavailable
from networks.graph.acting import Acting, Pause, wait_until
from networks.graph.reading import read_id
from networks.types import Captions, Draft, Media

LOOKS = 60  # with the pauses between them, what `calls.PROCESSING` gives the network
BROKEN = ("error", "expired", "upload_failed")
# The network wants a country beside each language.
LOCALES: Mapping[str, str] = {"fr": "fr_FR", "nl": "nl_NL", "de": "de_DE", "en": "en_US"}


def attached(acting: Acting, page: str, pictures: Sequence[Media]) -> dict[str, str]:
    """What to add to a post so that it shows `pictures`, each with its alternative text."""
    with acting.quietly():
        ids = [_photo(acting, page, picture) for picture in pictures]
    return {f"attached_media[{index}]": json.dumps({"media_fbid": one}) for index, one in enumerate(ids)}


def _photo(acting: Acting, page: str, picture: Media) -> str:
    described = {"alt_text_custom": picture.alt} if picture.alt else {}
    source = (picture.path.name, picture.path.read_bytes(), picture.mime)
    return acting.send_file(page, "photos", {"source": source}, read_id, published="false", **described)


def film(acting: Acting, page: str, draft: Draft, words: str, pause: Pause) -> str:
    """The id of the film, uploaded in pieces, processed and captioned, and not published yet."""
    media = draft.media[0]
    with acting.quietly():
        video = _sent(acting, page, media, words, draft.title)
        if not wait_until(lambda: _is_ready(acting, video), pause, LOOKS):
            raise Unavailable("video not processed in time")
        for captions in media.captions:
            _caption(acting, video, captions)
    return video


def _sent(acting: Acting, page: str, media: Media, words: str, title: str) -> str:
    size = media.path.stat().st_size
    begun = acting.put(page, "videos", _session, upload_phase="start", file_size=str(size))
    session, place, end = begun["upload_session_id"], int(begun["start_offset"]), int(begun["end_offset"])
    with media.path.open("rb") as file:
        while place < end:
            file.seek(place)
            piece = {"video_file_chunk": (media.path.name, file.read(end - place), "application/octet-stream")}
            told = acting.send_file(
                page,
                "videos",
                piece,
                _place,
                upload_phase="transfer",
                upload_session_id=session,
                start_offset=str(place),
            )
            if int(told["start_offset"]) <= place:
                raise Unavailable("the upload does not move")
            place, end = int(told["start_offset"]), int(told["end_offset"])
    # A draft, lest it be taken for an advertisement: those ask for rights of their own.
    hidden = {"published": "false", "unpublished_content_type": "DRAFT"}
    facts = {"description": words, **hidden, **({"title": title} if title else {})}
    acting.put(page, "videos", bool, upload_phase="finish", upload_session_id=session, **facts)
    return str(begun["video_id"])


def _session(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("upload_session_id", "video_id", "start_offset", "end_offset")}


def _place(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("start_offset", "end_offset")}


def _is_ready(acting: Acting, video: str) -> bool:
    status = (acting.node(video, fields="status").get("status") or {}).get("video_status")
    if status in BROKEN:
        raise Invalid("media", f"video {status}")
    return status == "ready"


def _caption(acting: Acting, video: str, captions: Captions) -> None:
    """The name of the file tells the network the language."""
    locale = LOCALES.get(captions.language[:2].lower(), LOCALES["en"])
    file = (f"captions.{locale}.srt", captions.path.read_bytes(), captions.mime)
    acting.send_file(video, "captions", {"captions_file": file}, bool, default_locale="none")
