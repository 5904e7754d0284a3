"""Videos: upload in pieces, read, delete; and their captions."""

from __future__ import annotations

import json
import re
from typing import Any

from simulator.dialects.youtube import entities, ids, threads
from simulator.dialects.youtube.manners import refused
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import posts, things
from simulator.store.posts import Post
from simulator.store.things import Thing

routes = Routes("youtube:units")
NETWORK = threads.NETWORK
MAX_TITLE, MAX_DESCRIPTION = 100, 5000
PIECE = 256 * 1024
RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@routes.on("GET", "/youtube/v3/videos", scope="read", signed_in=True)
def read(simulator: Simulator, request: Request) -> Answer:
    found = [threads.standing(simulator, ids.post_of_video(one)) for one in request.text("id").split(",")]
    videos = [post for post in found if post and threads.is_video(simulator, post)]
    items = [entities.video(simulator, post, request) for post in videos]
    return json_answer(entities.listing("video", items, most=len(items)))


@routes.on("DELETE", "/youtube/v3/videos", scope="write", signed_in=True)
def delete(simulator: Simulator, request: Request) -> Answer:
    threads.take_away(simulator, _callers_video(simulator, request, request.text("id")))
    return Answer(204, b"")


def _callers_video(simulator: Simulator, request: Request, video_id: str) -> Post:
    post = threads.standing(simulator, ids.post_of_video(video_id))
    if not post or not threads.is_video(simulator, post):
        words = "The video that you are trying to delete cannot be found."
        raise refused(404, "videoNotFound", words, "youtube.video")
    if not request.person or post.person_id != request.person.id:
        raise refused(403, domain="youtube.video")
    return post


@routes.on("POST", "/upload/youtube/v3/videos", scope="upload", signed_in=True, family="youtube:uploads")
def begin(simulator: Simulator, request: Request) -> Answer:
    """Opens an upload. Its address comes back; nothing is shown before the last byte is here."""
    assert request.person is not None
    if request.text("uploadType") != "resumable":
        raise refused(400, "mediaBodyRequired", "The request does not include the video content.", "youtube.video")
    length = request.headers.get("x-upload-content-length", "")
    data = {"about": _checked(request.json), "length": int(length) if length.isdigit() else None}
    opened = things.add(simulator.db, network=NETWORK, kind="upload", person_id=request.person.id, data=data)
    address = f"{request.base_url}/upload/youtube/v3/videos?uploadType=resumable&upload_id={opened.id}"
    return Answer(200, b"", {"Location": address, "X-GUploader-UploadID": str(opened.id), "Cache-Control": "no-cache"})


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """What the caller says about the video; refused where the network would."""
    snippet, status = _object(given.get("snippet")), _object(given.get("status"))
    title, description = str(snippet.get("title") or "").strip(), str(snippet.get("description") or "")
    if not title or len(title) > MAX_TITLE or set("<>") & set(title):
        raise refused(400, "invalidTitle", "The request metadata specifies an invalid or empty video title.")
    if len(description.encode()) > MAX_DESCRIPTION or set("<>") & set(description):
        raise refused(400, "invalidDescription", "The request metadata specifies an invalid video description.")
    return {
        "title": title,
        "description": description,
        "language": str(snippet.get("defaultLanguage") or ""),
        "category": str(snippet.get("categoryId") or "22"),
        "privacy": str(status.get("privacyStatus") or "public"),
    }


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


@routes.on("PUT", "/upload/youtube/v3/videos", scope="upload", signed_in=True)
def receive(simulator: Simulator, request: Request) -> Answer:
    """A piece of the video, or (`bytes */N`) the question how much of it is here."""
    assert request.person is not None
    upload = things.by_id(simulator.db, request.number("upload_id") or 0, network=NETWORK, kind="upload")
    if not upload or upload.person_id != request.person.id:
        raise refused(404)
    match = RANGE.fullmatch(request.headers.get("content-range", ""))
    here = len(upload.content)
    total = upload.data["length"] if upload.data["length"] is not None else here + len(request.body)
    if match and match[3] != "*":
        total = int(match[3])
    if match and match[1] is None:
        made = upload.data.get("made")
        post = threads.standing(simulator, made) if made else None
        return json_answer(entities.video(simulator, post, request)) if post else _more(here)
    if match and int(match[1]) != here:
        return _more(here)
    content = upload.content + request.body
    if len(content) < total:
        if len(request.body) % PIECE:
            raise refused(400, "badRequest", "Pieces but the last one are multiples of 256 KiB.")
        things.change(simulator.db, upload, data=upload.data, content=content)
        return _more(len(content))
    return _finish(simulator, request, upload, content)


def _more(here: int) -> Answer:
    return Answer(308, b"", {"Range": f"bytes=0-{here - 1}"} if here else {})


def _finish(simulator: Simulator, request: Request, upload: Thing, content: bytes) -> Answer:
    if b"ftyp" not in content[:64] and not content.startswith((b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba")):
        raise refused(400, "mediaBodyRequired", "The request does not include the video content.", "youtube.video")
    assert request.person is not None
    about = upload.data["about"]
    post = posts.create(
        simulator.db,
        posts.draft(
            person_id=request.person.id,
            text=about["description"],
            spoiler=about["title"],
            language=about["language"] or None,
            visibility="public" if about["privacy"] == "public" else about["privacy"],
            app_id=request.token.app_id if request.token else None,
            network=NETWORK,
            extra={
                "kind": threads.VIDEO,
                "title": about["title"],
                "bytes": len(content),
                "category": about["category"],
            },
        ),
    )
    things.change(simulator.db, upload, data={**upload.data, "made": post.id}, content=b"")
    request.made = str(post.id)
    return json_answer(entities.video(simulator, post, request))


@routes.on("POST", "/upload/youtube/v3/captions", scope="comments", signed_in=True)
def caption(simulator: Simulator, request: Request) -> Answer:
    """Words of a video in one language; a second file in it is refused."""
    about, content = _related(request)
    snippet = _object(about.get("snippet"))
    post = _callers_video(simulator, request, str(snippet.get("videoId") or ""))
    language, video = str(snippet.get("language") or ""), ids.video(post.id)
    if not language or not content.strip():
        raise refused(400, "invalidMetadata", "The request contains invalid metadata values.", "youtube.caption")
    known = things.of(simulator.db, network=NETWORK, kind="caption", person_id=post.person_id)
    if any(one.data["video"] == video and one.data["language"] == language for one in known):
        raise refused(409, "captionExists", "The specified video already has a caption track.", "youtube.caption")
    made = things.add(
        simulator.db,
        network=NETWORK,
        kind="caption",
        person_id=post.person_id,
        data={"video": video, "language": language, "name": str(snippet.get("name") or "")},
        content=content,
    )
    request.made = str(made.id)
    return json_answer(entities.captions(made))


@routes.on("GET", "/youtube/v3/captions", scope="comments", signed_in=True)
def captions(simulator: Simulator, request: Request) -> Answer:
    """The captions of one's own video, without their words."""
    video = request.text("videoId")
    post = threads.standing(simulator, ids.post_of_video(video))
    if not post or not threads.is_video(simulator, post):
        words = "The video identified by the videoId parameter could not be found."
        raise refused(404, "videoNotFound", words, "youtube.caption")
    if not request.person or post.person_id != request.person.id:
        raise refused(403, domain="youtube.caption")
    found = things.of(simulator.db, network=NETWORK, kind="caption", person_id=post.person_id)
    items = [entities.captions(one) for one in found if one.data["video"] == video]
    return json_answer({"kind": "youtube#captionListResponse", "etag": entities.etag(items), "items": items})


def _related(request: Request) -> tuple[dict[str, Any], bytes]:
    """The JSON and the file of a multipart/related body."""
    match = re.search(r'boundary="?([^";]+)"?', request.headers.get("content-type", ""))
    pieces = (b"\n" + request.body).split(b"\n--" + match[1].encode()) if match else []
    bodies = [re.split(rb"\r?\n\r?\n", piece, maxsplit=1) for piece in pieces[1:-1]]
    if len(bodies) != 2 or any(len(body) != 2 for body in bodies):
        raise refused(400, "mediaBodyRequired", "The request does not include the file.", "youtube.caption")
    try:
        about = json.loads(bodies[0][1])
    except ValueError:
        about = {}
    return _object(about), bodies[1][1].rstrip(b"\r")
