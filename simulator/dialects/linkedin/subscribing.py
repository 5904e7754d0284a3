"""Who is told by webhooks what happens to a page: a subscription for each app, person and page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from simulator.dialects.linkedin import entities
from simulator.dialects.linkedin.access import acting
from simulator.dialects.linkedin.manners import RestRoutes, refusal
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Simulator
from simulator.store import endpoints
from simulator.store.endpoints import Endpoint

routes = RestRoutes()
ADMIN = "rw_organization_admin"
TYPE = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
PLACE = "/rest/eventSubscriptions/{key}"
KEY = re.compile(
    r"\(developerApplication:urn:li:developerApplication:(\d{1,18}),user:urn:li:person:(\d{1,18}),"
    rf"entity:(urn:li:organization:\d{{1,18}}),eventType:{TYPE}\)"
)


def _named(simulator: Simulator, request: Request, key: str) -> tuple[int, list[Endpoint]]:
    """The page of a key, and the webhooks of its app; refused where the caller is not who the key says."""
    found = KEY.fullmatch(key)
    if not found:
        raise refusal(400, "ILLEGAL_ARGUMENT", "Invalid complex key")
    app, person, urn = found.groups()
    page = acting(simulator, request, urn)
    assert request.person is not None
    assert request.token is not None
    if int(person) != request.person.id or request.token.app_id not in (None, int(app)):
        raise refusal(403, "ACCESS_DENIED", "Viewer is not authorized to access the subscription", 100)
    return page.id, endpoints.of_app(simulator.db, entities.NETWORK, int(app))


def _subscribe(simulator: Simulator, request: Request, key: str) -> Answer:
    """Only an address that was registered and validated for the app before."""
    page_id, known = _named(simulator, request, key)
    webhook = next((one for one in known if one.url == request.text("webhook")), None)
    if webhook is None:
        raise refusal(400, "ILLEGAL_ARGUMENT", "Webhook is not registered for the developer application")
    endpoints.listen(simulator.db, webhook, page_id)
    return Answer(204, b"")


def _read(simulator: Simulator, request: Request, key: str) -> Answer:
    page_id, known = _named(simulator, request, key)
    for webhook in known:
        if endpoints.listens(simulator.db, webhook, page_id):
            expires = datetime.now(UTC).timestamp() + 30 * 86_400
            return json_answer({"webhook": webhook.url, "expiresAt": int(expires * 1000)})
    raise refusal(404, "RESOURCE_NOT_FOUND", "No subscription", 0)


def _end(simulator: Simulator, request: Request, key: str) -> Answer:
    page_id, known = _named(simulator, request, key)
    ended = [webhook for webhook in known if endpoints.leave(simulator.db, webhook, page_id)]
    if not ended:
        raise refusal(404, "RESOURCE_NOT_FOUND", "No subscription", 0)
    return Answer(204, b"")


routes.add("PUT", PLACE, _subscribe, scope=ADMIN)
routes.add("GET", PLACE, _read, scope=ADMIN)
routes.add("DELETE", PLACE, _end, scope=ADMIN)
