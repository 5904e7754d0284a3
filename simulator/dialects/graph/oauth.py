"""Signing in through Facebook: a person agrees, and every page that they manage comes with a token of its own."""

from __future__ import annotations

from typing import Any

from simulator.dialects.graph import errors, lists, nodes
from simulator.dialects.graph.fields import parse, pick
from simulator.dialects.graph.sight import Sight, see
from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.oauth import Door
from simulator.routing import Routes, Simulator
from simulator.store import grants, things
from simulator.store.grants import Lasting, Token
from simulator.store.people import Person

SHORT, LONG = Lasting(3_600), Lasting(5_184_000)
DATA_ACCESS_MS = 7_776_000_000  # ninety days


def deny(status: int, code: str, words: str) -> Refused:
    if code == "invalid_client":
        return errors.refusal(1, "Error validating client secret.")
    return errors.refusal(100, "This authorization code has been used.", subcode=36009)


door = Door("/v26.0/dialog/oauth", lasts=SHORT, deny=deny)
about = door.routes()
routes = Routes("facebook:calls")


@about.on("GET", "/v26.0/oauth/access_token")
@about.on("POST", "/v26.0/oauth/access_token")
def token(simulator: Simulator, request: Request) -> Answer:
    """For a code a token of an hour; for that one, of sixty days."""
    if request.text("grant_type") != "fb_exchange_token":
        return json_answer(_token_response(door.redeem(simulator, request)))
    app = door.client(simulator, request)
    given = grants.token(simulator.db, request.text("fb_exchange_token"))
    if not given or not given.works or given.app_id != app.id:
        raise errors.refusal(190, "Error validating access token: The session is invalid.", subcode=460)
    made = grants.issue(simulator.db, person_id=given.person_id, app_id=app.id, scopes=given.scopes, lasts=LONG)
    return json_answer(_token_response(made))


def _token_response(made: Token) -> dict[str, Any]:
    seconds = ((made.expires_ms or 0) - made.created_ms) // 1000
    return {"access_token": made.token, "token_type": "bearer", "expires_in": seconds}


@about.on("GET", "/v26.0/debug_token")
def debug_token(simulator: Simulator, request: Request) -> Answer:
    """What a token is, told to its app, which shows its id and secret as one token."""
    identifier, _, secret = (request.bearer or request.text("access_token")).partition("|")
    app = grants.app_by_client_id(simulator.db, identifier)
    given = grants.token(simulator.db, request.text("input_token"))
    if not app or app.client_secret != secret:
        raise errors.refusal(190, "Invalid OAuth access token signature.", status=401)
    if not given or given.app_id != app.id:
        raise errors.refusal(100, "(#100) You must provide an app access token, or a user access token")
    data = {
        "app_id": app.client_id,
        "type": "USER",
        "application": app.name,
        "data_access_expires_at": (given.created_ms + DATA_ACCESS_MS) // 1000,
        "expires_at": (given.expires_ms or 0) // 1000,
        "is_valid": given.works,
        "issued_at": given.created_ms // 1000,
        "scopes": given.scopes.replace(",", " ").split(),
        "user_id": str(given.person_id),
    }
    return json_answer({"data": data})


@routes.on("GET", "/v26.0/{user_id}/accounts", signed_in=True)
def accounts(simulator: Simulator, request: Request, user_id: str) -> Answer:
    """The pages that the person manages, each with its own token."""
    sight = see(simulator, request)
    if user_id not in ("me", str(sight.person.id)):
        raise errors.no_such_object(user_id)
    sight.need("pages_show_list")
    wanted, fields = lists.asked(sight, "accounts"), parse(request.text("fields"))
    everyone = nodes.everyone(sight)
    after = lists.opened(wanted.args.get("after", ""))
    places = [one.id for one in everyone]
    found = everyone[places.index(after) + 1 if after in places else 0 :][: lists.limit_of(wanted) + 1]

    def show(page: Person) -> dict[str, Any]:
        default = "access_token,category,category_list,name,id,tasks"
        return pick(
            {**nodes.page(sight, page), "access_token": page_token(sight, page)}, fields or parse(default), kind="Page"
        )

    told = lists.sliced(sight, wanted, found, key=lambda one: one.id, show=show, path=f"{sight.person.id}/accounts")
    if wanted.args.get("summary"):
        told["summary"] = {"total_count": len(everyone)}
    return json_answer(told)


def page_token(sight: Sight, page: Person) -> str:
    """The same one each time, until the person takes the consent back; it does not end by itself."""
    given = sight.request.token
    if not given or given.app_id is None:
        return grants.standing_token(sight.simulator.db, page.id).token
    kept = {"app": given.app_id, "by": sight.person.id, "scopes": given.scopes}
    for one in things.of(sight.simulator.db, network="facebook", kind="page_token", person_id=page.id):
        known = grants.token(sight.simulator.db, one.data["token"])
        if known and known.works and kept.items() <= one.data.items():
            return known.token
    made = grants.issue(sight.simulator.db, person_id=page.id, app_id=given.app_id, scopes=given.scopes)
    things.add(
        sight.simulator.db, network="facebook", kind="page_token", person_id=page.id, data=kept | {"token": made.token}
    )
    return made.token


@routes.on("GET", "/v26.0/{user_id}/permissions", signed_in=True)
def permissions(simulator: Simulator, request: Request, user_id: str) -> Answer:
    sight = see(simulator, request)
    scopes = request.token.scopes.replace(",", " ").split() if request.token else []
    assert sight.person is not None
    return json_answer({"data": [{"permission": scope, "status": "granted"} for scope in scopes]})


@routes.on("DELETE", "/v26.0/{user_id}/permissions", signed_in=True)
def revoke(simulator: Simulator, request: Request, user_id: str) -> Answer:
    """The person allows this app nothing any more: their token ends, and those of all their pages."""
    sight, given = see(simulator, request), request.token
    if user_id not in ("me", str(sight.person.id)) or not given:
        raise errors.no_such_object(user_id, "DELETE")
    grants.revoke(simulator.db, given.token)
    for one in things.of(simulator.db, network="facebook", kind="page_token"):
        if (one.data["app"], one.data["by"]) == (given.app_id, sight.person.id):
            grants.revoke(simulator.db, one.data["token"])
            things.remove(simulator.db, one)
    return json_answer({"success": True})
