"""Pictures and films: upload, describe, look up."""

from __future__ import annotations

from simulator import films, pictures
from simulator.dialects.mastodon import entities, errors
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import media

routes = Routes("api")
MAX_BYTES = 16_777_216
MAX_FILM_BYTES = 103_809_024
MAX_DESCRIPTION = 10_000


@routes.on("POST", "/api/v2/media", scope="write:media", signed_in=True, family="media")
@routes.on("POST", "/api/v1/media", scope="write:media", signed_in=True, family="media")
def create(simulator: Simulator, request: Request) -> Answer:
    """Store a picture or a film. The bytes say what it is; what the caller calls it does not count.

    A film is not ready at once: the newer call answers before it has an address.
    """
    upload, person = request.uploads.get("file"), request.person
    assert person is not None
    if not upload or not upload.content:
        raise errors.invalid("File can't be blank")
    film = films.kind_of(upload.content)
    if len(upload.content) > (MAX_FILM_BYTES if film else MAX_BYTES):
        raise errors.invalid(f"File file size must be less than {99 if film else 16} MB")
    measured = (film, 0, 0) if film else pictures.measure(upload.content)
    if not measured:
        raise errors.invalid("File content type is invalid")
    mime, width, height = measured
    made = media.create(
        simulator.db,
        person_id=person.id,
        mime=mime,
        content=upload.content,
        size=(width, height),
        alt=_description(request),
        focus=_focus(request),
    )
    request.made = str(made.id)
    shown = entities.attachment(made, request)
    if film and request.path.startswith("/api/v2/"):
        return json_answer(shown | {"url": None}, 202)
    return json_answer(shown)


def _description(request: Request) -> str | None:
    described = request.text("description").strip()
    if len(described) > MAX_DESCRIPTION:
        raise errors.invalid(f"Description is too long (maximum is {MAX_DESCRIPTION} characters)")
    return described or None


def _focus(request: Request) -> tuple[float, float] | None:
    given = request.text("focus")
    try:
        x, y = (max(-1.0, min(1.0, float(part))) for part in given.split(","))
    except ValueError:
        return None
    return x, y


def _callers_upload(simulator: Simulator, request: Request, media_id: str) -> media.Media:
    """An upload of the caller's that is not part of a post yet."""
    found = media.by_id(simulator.db, int(media_id)) if media_id.isdigit() and len(media_id) < 19 else None
    if not found or found.post_id or not request.person or found.person_id != request.person.id:
        raise errors.not_found()
    return found


@routes.on("GET", "/api/v1/media/{media_id}", scope="write:media", signed_in=True)
def read(simulator: Simulator, request: Request, media_id: str) -> Answer:
    return json_answer(entities.attachment(_callers_upload(simulator, request, media_id), request))


@routes.on("PUT", "/api/v1/media/{media_id}", scope="write:media", signed_in=True)
def update(simulator: Simulator, request: Request, media_id: str) -> Answer:
    found = _callers_upload(simulator, request, media_id)
    alt = _description(request) if "description" in request.fields else found.alt
    media.describe(simulator.db, found, alt=alt, focus=_focus(request) or found.focus)
    return read(simulator, request, media_id)
