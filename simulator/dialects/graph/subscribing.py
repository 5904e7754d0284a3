"""Which apps are told what happens on a page, and to its Instagram account."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.dialects.graph import errors
from simulator.dialects.graph.sight import FACEBOOK, INSTAGRAM, Sight, resolve, see
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import endpoints, grants, things
from simulator.store.endpoints import Endpoint
from simulator.store.people import Person
from simulator.store.things import Thing

routes = Routes("facebook:calls")
about = Routes()
KIND = "subscribed_app"
OBJECTS = {FACEBOOK: ("page", ("feed", "mention")), INSTAGRAM: ("instagram", ("comments", "mentions"))}
FIELDS = frozenset({"feed", "mention", "messages", "ratings", "name", "picture", "live_videos"})


@about.on("GET", "/v26.0/{app_id}/subscriptions")
def set_up(simulator: Simulator, request: Request, app_id: str) -> Answer:
    """Where the app is called about which kind of account; told to it alone, by its id and secret as one token."""
    identifier, _, secret = (request.bearer or request.text("access_token")).partition("|")
    app = grants.app_by_client_id(simulator.db, identifier)
    if not app or app.client_secret != secret or app_id != identifier:
        raise errors.refusal(190, "Invalid OAuth access token signature.", status=401)
    data = [
        {
            "object": kind,
            "callback_url": one.url,
            "active": True,
            "fields": [{"name": name, "version": "v26.0"} for name in fields],
        }
        for network, (kind, fields) in OBJECTS.items()
        for one in endpoints.of_app(simulator.db, network, app.id)
    ]
    return json_answer({"data": data})


@routes.on("GET", "/v26.0/{page_id}/subscribed_apps", signed_in=True)
def shown(simulator: Simulator, request: Request, page_id: str) -> Answer:
    sight, page = _callers_page(simulator, request, page_id)
    known = _known(sight, page)
    app = grants.app_by_id(simulator.db, _app(sight))
    told = {"name": app.name if app else "", "id": app.client_id if app else ""}
    return json_answer({"data": [told | {"subscribed_fields": known.data["fields"]}] if known else []})


@routes.on("POST", "/v26.0/{page_id}/subscribed_apps", signed_in=True)
def subscribe(simulator: Simulator, request: Request, page_id: str) -> Answer:
    """The fields take the place of those before. Where the app is called is no matter of the page's."""
    sight, page = _callers_page(simulator, request, page_id)
    fields = [name for name in request.text("subscribed_fields").split(",") if name]
    if not fields or set(fields) - FIELDS:
        raise errors.invalid("Param subscribed_fields must be one of {" + ", ".join(sorted(FIELDS)) + "}")
    _forget(sight, page)
    data = {"app": _app(sight), "fields": fields}
    things.add(simulator.db, network=FACEBOOK, kind=KIND, person_id=page.id, data=data)
    for one in _endpoints(sight):
        endpoints.listen(simulator.db, one, page.id)
    return json_answer({"success": True})


@routes.on("DELETE", "/v26.0/{page_id}/subscribed_apps", signed_in=True)
def unsubscribe(simulator: Simulator, request: Request, page_id: str) -> Answer:
    sight, page = _callers_page(simulator, request, page_id)
    _forget(sight, page)
    for one in _endpoints(sight):
        endpoints.leave(simulator.db, one, page.id)
    return json_answer({"success": True})


def _callers_page(simulator: Simulator, request: Request, page_id: str) -> tuple[Sight, Person]:
    sight = see(simulator, request)
    found = resolve(sight, page_id)
    if not isinstance(found, Person) or found.id != sight.person.id:
        raise errors.no_such_object(page_id, request.method)
    sight.need("pages_manage_metadata")
    return sight, found


def _app(sight: Sight) -> int | None:
    return sight.request.token.app_id if sight.request.token else None


def _endpoints(sight: Sight) -> Iterator[Endpoint]:
    for network in (FACEBOOK, INSTAGRAM):
        yield from endpoints.of_app(sight.simulator.db, network, _app(sight))


def _known(sight: Sight, page: Person) -> Thing | None:
    found = things.of(sight.simulator.db, network=FACEBOOK, kind=KIND, person_id=page.id)
    return next((one for one in found if one.data["app"] == _app(sight)), None)


def _forget(sight: Sight, page: Person) -> None:
    known = _known(sight, page)
    if known:
        things.remove(sight.simulator.db, known)
