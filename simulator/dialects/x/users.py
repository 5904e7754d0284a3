"""People, as the API shows them."""

from __future__ import annotations

from simulator.dialects.x import entities, errors
from simulator.dialects.x.tweets import READ
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import people

routes = Routes()


@routes.on("GET", "/2/users/me", scope=READ, signed_in=True, family="x:me")
def me(simulator: Simulator, request: Request) -> Answer:
    assert request.person is not None
    return json_answer({"data": entities.user(simulator, request.person, request)})


@routes.on("GET", "/2/users/by/username/{handle}", scope=READ, family="x:reads")
def by_handle(simulator: Simulator, request: Request, handle: str) -> Answer:
    person = people.by_handle(simulator.db, handle)
    if not person:
        return json_answer({"errors": [errors.missing("username", handle, "user")]})
    return json_answer({"data": entities.user(simulator, person, request)})


@routes.on("GET", "/2/users/{user_id}", scope=READ, family="x:reads")
def read(simulator: Simulator, request: Request, user_id: str) -> Answer:
    person = people.by_id(simulator.db, int(user_id)) if user_id.isdigit() and len(user_id) < 20 else None
    if not person:
        return json_answer({"errors": [errors.missing("id", user_id, "user")]})
    return json_answer({"data": entities.user(simulator, person, request)})
