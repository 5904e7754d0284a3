"""The app's webhooks, and who subscribes to them: the Account Activity API, version 2."""

from __future__ import annotations

from datetime import UTC, datetime

from simulator.dialects.x import errors
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import endpoints, people
from simulator.store.endpoints import Endpoint

routes = Routes("x:reads")
NETWORK = "x"
WHOLE = "dm.read dm.write tweet.read users.read"
PLACE = "/2/account_activity/webhooks/{webhook_id}/subscriptions"


@routes.on("GET", "/2/webhooks")
def webhooks(simulator: Simulator, request: Request) -> Answer:
    """Those of the app whose own token it is."""
    found = _of_app(simulator, request)
    data = [
        {
            "id": str(one.id),
            "url": one.url,
            "valid": True,
            "created_at": datetime.fromtimestamp(one.created_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
        for one in found
    ]
    return json_answer({"data": data, "meta": {"result_count": len(data)}})


@routes.on("GET", PLACE + "/all", scope=WHOLE, signed_in=True)
def shown(simulator: Simulator, request: Request, webhook_id: str) -> Answer:
    assert request.person is not None
    subscribed = endpoints.listens(simulator.db, _mine(simulator, request, webhook_id), request.person.id)
    return json_answer({"data": {"subscribed": subscribed}})


@routes.on("POST", PLACE + "/all", scope=WHOLE, signed_in=True)
def subscribe(simulator: Simulator, request: Request, webhook_id: str) -> Answer:
    assert request.person is not None
    webhook = _mine(simulator, request, webhook_id)
    if endpoints.listens(simulator.db, webhook, request.person.id):
        raise errors.plain(400, "DuplicateSubscriptionFailed", "Subscription already exists for the provided user.")
    endpoints.listen(simulator.db, webhook, request.person.id)
    return json_answer({"data": {"subscribed": True}})


@routes.on("DELETE", PLACE + "/{user_id}/all")
def unsubscribe(simulator: Simulator, request: Request, webhook_id: str, user_id: str) -> Answer:
    """By the app, with its own token."""
    webhook = next((one for one in _of_app(simulator, request) if str(one.id) == webhook_id), None)
    person = people.by_id(simulator.db, int(user_id)) if user_id.isdigit() and len(user_id) < 20 else None
    if not webhook or not person or not endpoints.leave(simulator.db, webhook, person.id):
        raise errors.plain(404, "Not Found", "No subscription of this user to this webhook.")
    return json_answer({"data": {"subscribed": False}})


def _of_app(simulator: Simulator, request: Request) -> list[Endpoint]:
    """Refused for a person's token, and without one."""
    if request.token is None:
        raise errors.plain(401, "Unauthorized")
    if request.person is not None or request.token.app_id is None:
        words = "Authenticating with OAuth 2.0 User Context is forbidden for this endpoint."
        raise errors.plain(403, "Unsupported Authentication", words)
    return endpoints.of_app(simulator.db, NETWORK, request.token.app_id)


def _mine(simulator: Simulator, request: Request, webhook_id: str) -> Endpoint:
    """A webhook of the app that the person's token was given to."""
    app_id = request.token.app_id if request.token else None
    found = next((one for one in endpoints.of_app(simulator.db, NETWORK, app_id) if str(one.id) == webhook_id), None)
    if found is None:
        raise errors.plain(404, "Not Found", f"No webhook {webhook_id}.")
    return found
