"""Files: pictures at once, everything larger in parts, with the words for who cannot see or hear them."""

from __future__ import annotations

from simulator import pictures
from simulator.dialects.x import errors
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import media, things

routes = Routes()
NETWORK, KIND = "x", "upload"
SCOPE = "media.write"
PICTURE_BYTES = 5 * 1024 * 1024
FILM_BYTES = 512 * 1024 * 1024
PART_BYTES = 5 * 1024 * 1024
LONGEST_ALT = 1000
CATEGORIES = {"tweet_image": "3", "tweet_gif": "16", "tweet_video": "13", "subtitles": "19"}
FILM_TYPES = ("video/mp4", "video/quicktime", "image/gif", "text/srt", "text/vtt")
LASTS = 86_400
Json = dict[str, object]


@routes.on("POST", "/2/media/upload", scope=SCOPE, signed_in=True, family="x:media")
def upload(simulator: Simulator, request: Request) -> Answer:
    """A picture in one call. The bytes say what it is; what the caller calls it does not count."""
    assert request.person is not None
    given = request.uploads.get("media")
    measured = pictures.measure(given.content) if given else None
    if not given or not measured:
        raise errors.invalid("media", "", "media type unrecognized.")
    if len(given.content) > PICTURE_BYTES:
        raise errors.plain(413, "Request Entity Too Large")
    mime, width, height = measured
    stored = media.create(
        simulator.db, person_id=request.person.id, mime=mime, content=given.content, size=(width, height), alt=None,
        focus=None,
    )  # fmt: skip
    category = request.text("media_category") or "tweet_image"
    made = things.add(
        simulator.db,
        network=NETWORK,
        kind=KIND,
        person_id=request.person.id,
        data={"media_id": stored.id, "media_category": category},
    )
    request.made = str(made.id)
    image: Json = {"image_type": mime, "w": width, "h": height}
    return json_answer({"data": {**_named(made), "size": stored.size, "expires_after_secs": LASTS, "image": image}})


@routes.on("POST", "/2/media/upload/initialize", scope=SCOPE, signed_in=True, family="x:media")
def initialize(simulator: Simulator, request: Request) -> Answer:
    assert request.person is not None
    total, mime, category = (
        request.number("total_bytes"),
        request.text("media_type"),
        request.text("media_category"),
    )
    if mime not in FILM_TYPES or category not in CATEGORIES:
        raise errors.invalid("media_type", mime, "media type unrecognized.")
    if not total or total > FILM_BYTES:
        raise errors.invalid("total_bytes", str(total), "File size exceeds 536870912 bytes.")
    made = things.add(
        simulator.db,
        network=NETWORK,
        kind=KIND,
        person_id=request.person.id,
        data={"total_bytes": total, "media_type": mime, "media_category": category, "parts": 0},
    )
    return json_answer({"data": {**_named(made), "expires_after_secs": LASTS}}, 202)


@routes.on("POST", "/2/media/upload/{media_id}/append", scope=SCOPE, signed_in=True, family="x:media")
def append(simulator: Simulator, request: Request, media_id: str) -> Answer:
    """One part after the other; a part out of order is refused, as is one too large."""
    found, given = _callers_upload(simulator, request, media_id), request.uploads.get("media")
    if not given or len(given.content) > PART_BYTES or request.number("segment_index") != found.data["parts"]:
        raise errors.invalid("segment_index", request.text("segment_index"), "Segments do not add up.")
    parts = {**found.data, "parts": found.data["parts"] + 1}
    things.change(simulator.db, found, data=parts, content=found.content + given.content)
    return json_answer({"data": {"expires_at": found.created_ms // 1000 + LASTS}})


@routes.on("POST", "/2/media/upload/{media_id}/finalize", scope=SCOPE, signed_in=True, family="x:media")
def finalize(simulator: Simulator, request: Request, media_id: str) -> Answer:
    """All parts are there; a film is then worked through, which takes a while."""
    found = _callers_upload(simulator, request, media_id)
    if len(found.content) != found.data["total_bytes"]:
        raise errors.invalid("media_id", media_id, "Segments do not add up to provided total file size.")
    told: Json = {**_named(found), "size": len(found.content), "expires_after_secs": LASTS}
    data = {**found.data, "looks": 0}
    if found.data["media_category"] != "subtitles":
        stored = media.create(
            simulator.db, person_id=found.person_id or 0, mime=found.data["media_type"], content=found.content,
            size=(0, 0), alt=None, focus=None,
        )  # fmt: skip
        data["media_id"] = stored.id
        told["processing_info"] = {"state": "pending", "check_after_secs": 1}
    things.change(simulator.db, found, data=data)
    return json_answer({"data": told})


@routes.on("GET", "/2/media/upload", scope=SCOPE, signed_in=True, family="x:media")
def status(simulator: Simulator, request: Request) -> Answer:
    """How far X is: under way at the first look, done at the second."""
    found = _callers_upload(simulator, request, request.text("media_id"))
    looks = found.data.get("looks", 0) + 1
    things.change(simulator.db, found, data={**found.data, "looks": looks})
    working: Json = {"state": "in_progress", "check_after_secs": 1, "progress_percent": 50}
    done: Json = {"state": "succeeded", "progress_percent": 100}
    told = {**_named(found), "size": len(found.content), "expires_after_secs": LASTS}
    return json_answer({"data": {**told, "processing_info": working if looks == 1 else done}})


@routes.on("POST", "/2/media/metadata", scope=SCOPE, signed_in=True, family="x:media")
def describe(simulator: Simulator, request: Request) -> Answer:
    """The words that stand for a picture, an animation or a film."""
    found = _callers_upload(simulator, request, str(request.json.get("id") or ""))
    metadata = request.json.get("metadata")
    alt = metadata.get("alt_text") if isinstance(metadata, dict) else None
    words = str(alt.get("text") or "") if isinstance(alt, dict) else ""
    stored = media.by_id(simulator.db, int(found.data.get("media_id") or 0))
    if not words or len(words) > LONGEST_ALT or not stored:
        raise errors.invalid("metadata.alt_text.text", words, "Alt text must be between 1 and 1000 characters.")
    media.describe(simulator.db, stored, alt=words, focus=None)
    return json_answer({"data": {"id": str(found.id), "associated_metadata": {"alt_text": {"text": words}}}})


@routes.on("POST", "/2/media/subtitles", scope=SCOPE, signed_in=True, family="x:media")
def caption(simulator: Simulator, request: Request) -> Answer:
    """Captions for a film: their file was uploaded before, under an id of its own."""
    film = _callers_upload(simulator, request, str(request.json.get("id") or ""))
    given = request.json.get("subtitles")
    told = (
        {name: str(given.get(name) or "") for name in ("id", "language_code", "display_name")}
        if isinstance(given, dict)
        else {}
    )
    words = _callers_upload(simulator, request, told.get("id", ""))
    if words.data["media_category"] != "subtitles" or not told["language_code"]:
        raise errors.invalid("subtitles", str(given), "These are no subtitles.")
    text = words.content.decode("utf-8", "replace")
    captions = [*film.data.get("captions", []), {**told, "text": text}]
    things.change(simulator.db, film, data={**film.data, "captions": captions})
    answer = {"id": str(film.id), "associated_subtitles": [told], "media_category": "TweetVideo"}
    return json_answer({"data": answer})


def _callers_upload(simulator: Simulator, request: Request, identifier: str) -> things.Thing:
    """An upload of the caller's."""
    known = identifier.isdigit() and len(identifier) < 20
    found = things.by_id(simulator.db, int(identifier), network=NETWORK, kind=KIND) if known else None
    if not found or not request.person or found.person_id != request.person.id:
        raise errors.invalid("id", identifier, "Your media IDs are invalid.")
    return found


def _named(made: things.Thing) -> Json:
    return {"id": str(made.id), "media_key": f"{CATEGORIES.get(made.data['media_category'], '3')}_{made.id}"}
