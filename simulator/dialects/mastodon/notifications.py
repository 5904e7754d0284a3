"""What a person is told, newest first, in pages that miss nothing."""

from __future__ import annotations

from simulator.dialects.mastodon import entities, errors, paging
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import notifications

routes = Routes("api")


@routes.on("GET", "/api/v1/notifications", scope="read:notifications", signed_in=True)
def read_many(simulator: Simulator, request: Request) -> Answer:
    assert request.person is not None
    found = notifications.of(
        simulator.db,
        request.person.id,
        paging.window(request, default=40, most=80),
        kinds=request.texts("types"),
        without=request.texts("exclude_types"),
        from_id=request.number("account_id"),
    )
    told = [entities.notification(simulator, one, request) for one in found]
    shown = [one for one in told if request.flag("include_filtered") or not one.get("filtered")]
    return json_answer(shown, headers=paging.links(request, [one.id for one in found], more=True))


@routes.on("GET", "/api/v1/notifications/{notification_id}", scope="read:notifications", signed_in=True)
def read(simulator: Simulator, request: Request, notification_id: str) -> Answer:
    assert request.person is not None
    found = notifications.one(simulator.db, request.person.id, _number(notification_id))
    if not found:
        raise errors.not_found()
    return json_answer(entities.notification(simulator, found, request))


@routes.on("POST", "/api/v1/notifications/clear", scope="write:notifications", signed_in=True)
def clear(simulator: Simulator, request: Request) -> Answer:
    assert request.person is not None
    notifications.dismiss(simulator.db, request.person.id)
    return json_answer({})


@routes.on("POST", "/api/v1/notifications/{notification_id}/dismiss", scope="write:notifications", signed_in=True)
def dismiss(simulator: Simulator, request: Request, notification_id: str) -> Answer:
    assert request.person is not None
    notifications.dismiss(simulator.db, request.person.id, _number(notification_id))
    return json_answer({})


def _number(given: str) -> int:
    return int(given) if given.isdigit() and len(given) < 19 else 0
