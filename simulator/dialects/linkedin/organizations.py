"""Pages: who administers them, what they are called, and their figures."""

from __future__ import annotations

import re

from simulator.dialects.linkedin import entities, paging
from simulator.dialects.linkedin.access import acting
from simulator.dialects.linkedin.manners import RestRoutes, refusal
from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.routing import Simulator
from simulator.store import people, posts, roles

routes = RestRoutes()
ACL = re.compile(r"\(organization:([^,]+),role:([A-Z_]+),roleAssignee:urn:li:(?:person|organization):(\d{1,18})\)")


def _mine(simulator: Simulator, request: Request) -> Answer:
    """The roles of the person who asks."""
    assert request.person is not None
    if request.text("q") != "roleAssignee":
        raise refusal(400, "ILLEGAL_ARGUMENT", "q must be roleAssignee")
    mine = roles.administered(simulator.db, request.person, network=entities.NETWORK)
    start, count = paging.slice_of(request)
    shown: list[object] = [
        {
            "role": "ADMINISTRATOR",
            "organization": f"urn:li:organization:{page.id}",
            "roleAssignee": f"urn:li:person:{request.person.id}",
            "state": "APPROVED",
        }
        for page in mine[start : start + count]
    ]
    return json_answer(paging.answer(request, shown, len(mine)))


def _appoint(simulator: Simulator, request: Request, key: str) -> Answer:
    """An administrator makes somebody another one."""
    found = ACL.fullmatch(key)
    person = people.by_id(simulator.db, int(found[3])) if found else None
    if not found or not person:
        raise refusal(400, "ILLEGAL_ARGUMENT", "not a role")
    page = acting(simulator, request, found[1])
    roles.appoint(simulator.db, person, page.id, network=entities.NETWORK)
    return Answer(204, b"")


def _read(simulator: Simulator, request: Request, number: str) -> Answer:
    page = acting(simulator, request, number)
    return json_answer(
        {
            "id": page.id,
            "vanityName": page.handle,
            "localizedName": page.name,
            "name": {"localized": {"en_US": page.name}, "preferredLocale": {"country": "US", "language": "en"}},
            "primaryOrganizationType": "NONE",
            "locations": [],
            "versionTag": "1",
        }
    )


def _size(simulator: Simulator, request: Request, urn: str) -> Answer:
    """How many follow a page: on the square, all citizens do."""
    entities.page_of(simulator, urn)
    if request.text("edgeType") != "COMPANY_FOLLOWED_BY_MEMBER":
        raise refusal(400, "ILLEGAL_ARGUMENT", "edgeType is required")
    return json_answer({"firstDegreeSize": _citizens(simulator)})


def _citizens(simulator: Simulator) -> int:
    return simulator.db.value("SELECT count(*) FROM people WHERE kind = 'citizen'")


def _share_statistics(simulator: Simulator, request: Request) -> Answer:
    """Of all posts of a page together, or of each of those that are named."""
    page = acting(simulator, request, request.text("organizationalEntity"))
    who = f"urn:li:organization:{page.id}"
    every = [
        post
        for post in posts.by_person(
            simulator.db, page.id, page.id, posts.Window(limit=1_000_000, network=entities.NETWORK)
        )
        if post.reply_to_person is None
    ]
    elements: list[object] = []
    if not request.text("shares") and not request.text("ugcPosts"):
        elements.append({"totalShareStatistics": _totals(simulator, every), "organizationalEntity": who})
    for urn in request.text("shares").removeprefix("List(").removesuffix(")").split(","):
        try:
            post = entities.post_named(simulator, urn)
        except Refused:
            continue
        totals = _totals(simulator, [post])
        elements.append({"totalShareStatistics": totals, "share": urn, "organizationalEntity": who})
    return json_answer(paging.answer(request, elements, len(elements)))


def _totals(simulator: Simulator, every: list[posts.Post]) -> entities.Json:
    """A view by each citizen of each post; nobody clicks and nobody shares on the square."""
    likes = sum(posts.counts(simulator.db, post, None).favourites for post in every)
    comments = sum(len(posts.descendants(simulator.db, post, None)) for post in every)
    views = _citizens(simulator) * len(every)
    return {
        "impressionCount": views,
        "uniqueImpressionsCount": _citizens(simulator) if every else 0,
        "clickCount": 0,
        "likeCount": likes,
        "commentCount": comments,
        "shareCount": 0,
        "engagement": (likes + comments) / views if views else 0.0,
    }


ADMIN = "rw_organization_admin"
routes.add("GET", "/rest/organizationAcls", _mine, scope=ADMIN)
routes.add("PUT", "/rest/organizationAcls/{key}", _appoint, scope=ADMIN)
routes.add("GET", "/rest/organizations/{number}", _read, scope=ADMIN)
routes.add("GET", "/rest/networkSizes/{urn}", _size, scope=ADMIN)
routes.add("GET", "/rest/organizationalEntityShareStatistics", _share_statistics, scope=ADMIN)
