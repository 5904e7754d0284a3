"""Pictures and videos: a place to put the bytes, then the bytes, then a look whether they are ready."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from simulator import films, pictures
from simulator.dialects.linkedin.access import acting
from simulator.dialects.linkedin.entities import NETWORK, Json, not_found
from simulator.dialects.linkedin.manners import RestRoutes, invalid, refusal
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Simulator
from simulator.store import media, people, things
from simulator.store.database import now_ms
from simulator.store.things import Thing

routes = RestRoutes()
PART = 4_194_304
LONGEST_ALT = 4_086
URL_LIFE_MS = 86_400_000
MOST_PICTURES = 20
NAMED = re.compile(r"urn:li:(image|video):(\d{1,18})")
WRITING = "w_organization_social"


def _asked(request: Request, name: str = "initializeUploadRequest") -> dict[str, Any]:
    asked = request.json.get(name)
    return asked if isinstance(asked, dict) else {}


def _begin(simulator: Simulator, request: Request, noun: str) -> tuple[Thing, dict[str, Any]]:
    told = _asked(request)
    page = acting(simulator, request, str(told.get("owner", "")))
    data = {"owner": str(told.get("owner")), "status": "WAITING_UPLOAD", "parts": {}, **_wishes(told)}
    return things.add(simulator.db, network=NETWORK, kind=noun, person_id=page.id, data=data), told


def _wishes(told: dict[str, Any]) -> Json:
    return {"bytes": told.get("fileSizeBytes"), "captions": None}


def _images(simulator: Simulator, request: Request) -> Answer:
    if request.text("action") != "initializeUpload":
        raise refusal(400, "ILLEGAL_ARGUMENT", "no such action")
    made, _ = _begin(simulator, request, "image")
    place = f"{request.base_url}/dms-uploads/image-{made.id}"
    value: Json = {
        "uploadUrlExpiresAt": now_ms() + URL_LIFE_MS,
        "uploadUrl": place,
        "image": f"urn:li:image:{made.id}",
    }
    return json_answer({"value": value})


def _videos(simulator: Simulator, request: Request) -> Answer:
    if request.text("action") == "finalizeUpload":
        return _finish(simulator, request)
    if request.text("action") != "initializeUpload":
        raise refusal(400, "ILLEGAL_ARGUMENT", "no such action")
    size = _asked(request).get("fileSizeBytes")
    if not isinstance(size, int) or size < 1:
        raise invalid("/fileSizeBytes", "MISSING_FIELD", "fileSizeBytes is required", status=400)
    made, told = _begin(simulator, request, "video")
    place = f"{request.base_url}/dms-uploads/video-{made.id}"
    value: Json = {
        "uploadUrlsExpireAt": now_ms() + URL_LIFE_MS,
        "video": f"urn:li:video:{made.id}",
        "uploadInstructions": [
            {"uploadUrl": f"{place}-{first}", "firstByte": first, "lastByte": min(first + PART, size) - 1}
            for first in range(0, size, PART)
        ],
        "uploadToken": "",
    }
    if told.get("uploadCaptions"):
        value["captionsUploadUrl"] = f"{place}-captions"
    return json_answer({"value": value})


def _upload(simulator: Simulator, request: Request, place: str) -> Answer:
    """The bytes themselves; a receipt comes back as the entity tag."""
    noun, _, rest = place.partition("-")
    number, _, part = rest.partition("-")
    thing = things.by_id(simulator.db, int(number), network=NETWORK, kind=noun) if number.isdigit() else None
    if not thing or not request.person:
        raise not_found(place)
    receipt = hashlib.sha256(request.body).hexdigest()[:32]
    data = dict(thing.data)
    if noun == "image":
        data["status"] = "AVAILABLE" if pictures.measure(request.body) else "PROCESSING_FAILED"
        things.change(simulator.db, thing, data=data, content=request.body)
    elif part == "captions":
        data["captions"] = request.body.decode("utf-8", "replace")
        things.change(simulator.db, thing, data=data)
    else:
        data["parts"] = {**data["parts"], part: receipt}
        things.change(simulator.db, thing, data=data, content=_with_part(thing.content, int(part or 0), request.body))
    return Answer(201, b"", {"ETag": f'"{receipt}"'})


def _with_part(known: bytes, first: int, more: bytes) -> bytes:
    """`known` with `more` from the place `first` on."""
    return known[:first].ljust(first, b"\0") + more + known[first + len(more) :]


def _finish(simulator: Simulator, request: Request) -> Answer:
    told = _asked(request, "finalizeUploadRequest")
    thing = _named(simulator, str(told.get("video", "")))
    acting(simulator, request, str(thing.data["owner"]))
    receipts = [thing.data["parts"][first] for first in sorted(thing.data["parts"], key=int)]
    if told.get("uploadedPartIds") != receipts or len(thing.content) != thing.data["bytes"]:
        raise invalid("/uploadedPartIds", "INVALID_PARTS", "the parts are not all there", status=400)
    is_film = films.kind_of(thing.content) == "video/mp4"
    things.change(simulator.db, thing, data=thing.data | {"status": "AVAILABLE" if is_film else "PROCESSING_FAILED"})
    return Answer(200, b"")


def _named(simulator: Simulator, urn: str) -> Thing:
    found = NAMED.fullmatch(urn)
    thing = things.by_id(simulator.db, int(found[2]), network=NETWORK, kind=found[1]) if found else None
    if not thing:
        raise not_found(urn)
    return thing


def _read(simulator: Simulator, request: Request, urn: str) -> Answer:
    thing = _named(simulator, urn)
    acting(simulator, request, str(thing.data["owner"]))
    return json_answer({"id": urn, "owner": thing.data["owner"], "status": thing.data["status"]})


def attached(simulator: Simulator, page: people.Person, content: object) -> tuple[int, ...]:
    """The uploads that a post's content names, made into its pictures; refused where one is not ready or not ours."""
    told: dict[str, Any] = content if isinstance(content, dict) else {}
    several = told["multiImage"].get("images", []) if isinstance(told.get("multiImage"), dict) else None
    wanted = list(several) if several is not None else [told["media"]] if isinstance(told.get("media"), dict) else []
    if several is not None and not 2 <= len(several) <= MOST_PICTURES:
        raise invalid("/content/multiImage", "INVALID_NUMBER", f"2 to {MOST_PICTURES} images", status=400)
    card = told["article"] if isinstance(told.get("article"), dict) else {}
    wanted += [{"id": card["thumbnail"], "altText": card.get("title")}] if "thumbnail" in card else []
    return tuple(_attach(simulator, page, one) for one in wanted)


def _attach(simulator: Simulator, page: people.Person, one: dict[str, Any]) -> int:
    thing = _named(simulator, str(one.get("id", "")))
    alt = str(one.get("altText") or "")
    if thing.data["owner"] != f"urn:li:organization:{page.id}":
        raise refusal(403, "ACCESS_DENIED", "Accessing this resource is forbidden", 100)
    if thing.data["status"] != "AVAILABLE":
        raise invalid("/content/media/id", "MEDIA_NOT_READY", f"{one.get('id')} is {thing.data['status']}", status=400)
    if len(alt) > LONGEST_ALT:
        raise invalid("/content/media/altText", "FIELD_LENGTH_TOO_LONG", "altText is too long")
    measured = pictures.measure(thing.content) or ("video/mp4", 0, 0)
    words = alt or str(one.get("title") or "")
    made = media.create(
        simulator.db,
        person_id=page.id,
        mime=measured[0],
        content=thing.content,
        size=(measured[1], measured[2]),
        alt=words or None,
        focus=None,
    )
    return made.id


routes.add("POST", "/rest/images", _images, scope=WRITING)
routes.add("GET", "/rest/images/{urn}", _read, scope=WRITING)
routes.add("POST", "/rest/videos", _videos, scope=WRITING)
routes.add("GET", "/rest/videos/{urn}", _read, scope=WRITING)
routes.on("PUT", "/dms-uploads/{place}", scope=WRITING, signed_in=True)(_upload)
