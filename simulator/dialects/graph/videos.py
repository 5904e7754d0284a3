"""Films of a page: uploaded in pieces, processed, captioned, published."""

from __future__ import annotations

import re
from typing import Any

from simulator.dialects.graph import errors
from simulator.dialects.graph.pages import drafted, own_page
from simulator.dialects.graph.sight import FACEBOOK, Sight, resolve, see
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import posts, things
from simulator.store.things import Thing

routes = Routes("facebook:calls")
PIECE = 1_000_000
LARGEST = 50_000_000
CAPTIONS = re.compile(r"[^/]*\.([a-z]{2}_[A-Z]{2})\.srt")


@routes.on("POST", "/v26.0/{page_id}/videos", signed_in=True)
def upload(simulator: Simulator, request: Request, page_id: str) -> Answer:
    sight = see(simulator, request)
    page = own_page(sight, page_id, "pages_manage_posts")
    phase = request.text("upload_phase")
    if phase == "start":
        size = request.number("file_size") or 0
        if not 0 < size <= LARGEST:
            raise errors.refusal(352, "The video file you selected is in a format that we don't support.")
        made = things.add(simulator.db, network=FACEBOOK, kind="video", person_id=page.id, data={"size": size})
        offsets = _offsets(0, size)
        return json_answer({"video_id": str(made.id), "upload_session_id": str(made.id), **offsets})
    found = resolve(sight, request.text("upload_session_id") or "0")
    if not isinstance(found, Thing) or found.kind != "video":
        raise errors.invalid("Invalid upload session")
    if phase == "transfer":
        return json_answer(_transferred(sight, found))
    if phase != "finish" or len(found.content) != found.data["size"]:
        raise errors.refusal(6000, "There was a problem uploading your video file. Please try again.")
    facts = {"description": request.text("description"), "title": request.text("title"), "looks": 0}
    things.change(simulator.db, found, data=found.data | facts)
    if request.text("published", "true") != "false":
        publish(sight, _again(sight, found))
    return json_answer({"success": True})


def _transferred(sight: Sight, video: Thing) -> dict[str, str]:
    piece = sight.request.uploads.get("video_file_chunk")
    if not piece or sight.request.number("start_offset") != len(video.content):
        raise errors.refusal(6000, "There was a problem uploading your video file. Please try again.", subcode=1363037)
    content = video.content + piece.content
    things.change(sight.simulator.db, video, data=video.data, content=content)
    return _offsets(len(content), int(video.data["size"]))


def _offsets(place: int, size: int) -> dict[str, str]:
    return {"start_offset": str(place), "end_offset": str(min(size, place + PIECE))}


def _again(sight: Sight, video: Thing) -> Thing:
    found = things.by_id(sight.simulator.db, video.id, network=FACEBOOK, kind="video")
    assert found is not None
    return found


def looked_at(sight: Sight, video: Thing) -> Thing:
    """One more look at a film that was uploaded whole."""
    if "looks" in video.data:
        things.change(sight.simulator.db, video, data=video.data | {"looks": video.data["looks"] + 1})
    return _again(sight, video)


@routes.on("POST", "/v26.0/{video_id}/captions", signed_in=True)
def captions(simulator: Simulator, request: Request, video_id: str) -> Answer:
    """SubRip alone, in a file whose name tells the language."""
    sight = see(simulator, request)
    found, file = resolve(sight, video_id), request.uploads.get("captions_file")
    if not isinstance(found, Thing) or found.kind != "video":
        raise errors.no_such_object(video_id, "POST")
    named = CAPTIONS.fullmatch(file.filename) if file else None
    if not file or not named or b"-->" not in file.content:
        raise errors.refusal(385, "(#385) The captions file is not a valid SubRip file")
    one = {"locale": named[1], "locale_name": named[1], "text": file.content.decode("utf-8", "replace")}
    things.change(simulator.db, found, data=found.data | {"captions": [*found.data.get("captions", []), one]})
    return json_answer({"success": True})


def publish(sight: Sight, video: Thing) -> dict[str, Any]:
    """The film appears on its page, once."""
    sight.need("pages_manage_posts")
    if "looks" not in video.data or sight.request.text("published", "true") != "true":
        raise errors.invalid("Invalid parameter")
    if not video.data.get("post_id"):
        words = str(video.data.get("description") or "")
        made = posts.create(sight.simulator.db, drafted(sight, sight.person, words, video=str(video.id)))
        things.change(sight.simulator.db, video, data=video.data | {"post_id": made.id})
        sight.request.made = str(made.id)
    now = _again(sight, video)
    return {"success": True, "id": str(video.id), "post_id": str(now.data["post_id"])}
