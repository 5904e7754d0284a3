"""Videos and their captions on their way to YouTube."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from googleapiclient.http import MediaFileUpload

from networks.composition import compose
from networks.errors import Unavailable
from networks.types import Captions, Draft, Media

PIECE = 8 * 1024 * 1024  # bytes; a multiple of 256 KiB, as the network wants it
CATEGORY = "22"  # "People & Blogs", what the network itself puts where nothing else is chosen


def describe(draft: Draft) -> dict[str, Any]:
    """What the network is told about the video of `draft`."""
    snippet = {
        "title": draft.title.strip(),
        "description": compose(draft, "youtube").text,
        "categoryId": CATEGORY,
    }
    if draft.language:
        snippet |= {"defaultLanguage": draft.language, "defaultAudioLanguage": draft.language}
    return {"snippet": snippet, "status": {"privacyStatus": "public", "selfDeclaredMadeForKids": False}}


def insert(api: Any, draft: Draft, media: Media) -> Mapping[str, Any]:
    """The video that the network made of `media`. It goes in pieces, so that none outlasts a call or fills the memory;
    nobody sees anything of them before the last one."""
    size = media.path.stat().st_size
    file = MediaFileUpload(str(media.path), mimetype=media.mime, chunksize=PIECE, resumable=True)
    request = api.videos().insert(part="snippet,status", body=describe(draft), media_body=file)
    # As many calls as there are pieces: a network that loses some of them is not asked for ever.
    for _ in range(max(1, -(-size // PIECE))):
        still_going, made = request.next_chunk(num_retries=0)
        if still_going is None:
            return dict(made)  # a yes that holds nothing is a yes all the same: which video it made, nobody knows
    raise Unavailable("the network keeps losing pieces of the video")


def insert_captions(api: Any, video: str, captions: Captions) -> None:
    snippet = {"videoId": video, "language": captions.language, "name": "", "isDraft": False}
    # The network tells the format by itself, and takes the bytes under this name alone.
    file = MediaFileUpload(str(captions.path), mimetype="application/octet-stream")
    api.captions().insert(part="snippet", body={"snippet": snippet}, media_body=file).execute(num_retries=0)
