"""People, and what each of them wrote."""

from __future__ import annotations

from simulator.dialects.mastodon import entities, errors, paging
from simulator.dialects.mastodon.ways import ways_of
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import people, posts

routes = Routes("api")


@routes.on("GET", "/api/v1/accounts/verify_credentials", scope="read:accounts", signed_in=True)
def verify_credentials(simulator: Simulator, request: Request) -> Answer:
    assert request.person is not None
    return json_answer(entities.own_account(simulator, request.person, request))


@routes.on("GET", "/api/v1/accounts/lookup", scope="read:accounts")
def lookup(simulator: Simulator, request: Request) -> Answer:
    """`acct` with or without our own domain."""
    handle, _, domain = request.text("acct").removeprefix("@").partition("@")
    person = people.by_handle(simulator.db, handle)
    if not person or (domain and domain != request.base_url.partition("://")[2]):
        raise errors.not_found()
    return json_answer(entities.account(simulator, person, request))


@routes.on("GET", "/api/v1/accounts/{account_id}", scope="read:accounts")
def read(simulator: Simulator, request: Request, account_id: str) -> Answer:
    return json_answer(entities.account(simulator, _person(simulator, account_id), request))


@routes.on("GET", "/api/v1/accounts/{account_id}/statuses", scope="read:statuses")
def statuses(simulator: Simulator, request: Request, account_id: str) -> Answer:
    person = _person(simulator, account_id)
    window = paging.window(request, default=20, most=40)
    if request.flag("pinned"):
        return json_answer([])
    found = posts.by_person(
        simulator.db,
        person.id,
        request.person.id if request.person else None,
        window,
        replies=not request.flag("exclude_replies"),
        media=request.flag("only_media"),
    )
    if ways_of(simulator.db).software == "takahe":  # which lists nobody's, not even one's own, that are for few
        found = [post for post in found if post.visibility in ("public", "unlisted")]
    shown = [entities.status(simulator, post, request) for post in found]
    return json_answer(
        shown, headers=paging.links(request, [post.id for post in found], more=len(found) == window.limit)
    )


def _person(simulator: Simulator, account_id: str) -> people.Person:
    person = people.by_id(simulator.db, int(account_id)) if account_id.isdigit() and len(account_id) < 19 else None
    if not person:
        raise errors.not_found()
    return person
