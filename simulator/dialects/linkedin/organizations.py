"""Pages: who administers them, what they are called, and their figures."""

from __future__ import annotations

import re

from simulator.dialects.linkedin import entities, paging
from simulator.dialects.linkedin.access import acting
from simulator.dialects.linkedin.manners import RestRoutes, refusal
from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.routing import Square
from simulator.store import people, posts, roles

routes = RestRoutes()
ACL = re.compile(r"\(organization:([^,]+),role:([A-Z_]+),roleAssignee:urn:li:(?:person|organization):(\d{1,18})\)")


def _mine(square: Square, request: Request) -> Answer:
    """The roles of the person who asks."""
    assert request.person is not None
    if request.text("q") != "roleAssignee":
        raise refusal(400, "ILLEGAL_ARGUMENT", "q must be roleAssignee")
    mine = roles.administered(square.db, request.person, network=entities.NETWORK)
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


def _appoint(square: Square, request: Request, key: str) -> Answer:
    """An administrator makes somebody another one."""
    found = ACL.fullmatch(key)
    person = people.by_id(square.db, int(found[3])) if found else None
    if not found or not person:
        raise refusal(400, "ILLEGAL_ARGUMENT", "not a role")
    page = acting(square, request, found[1])
    roles.appoint(square.db, person, page.id, network=entities.NETWORK)
    return Answer(204, b"")


def _read(square: Square, request: Request, number: str) -> Answer:
    page = acting(square, request, number)
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


def _size(square: Square, request: Request, urn: str) -> Answer:
    """How many follow a page: on the square, all citizens do."""
    entities.page_of(square, urn)
    if request.text("edgeType") != "COMPANY_FOLLOWED_BY_MEMBER":
        raise refusal(400, "ILLEGAL_ARGUMENT", "edgeType is required")
    return json_answer({"firstDegreeSize": _citizens(square)})


def _citizens(square: Square) -> int:
    return square.db.value("SELECT count(*) FROM people WHERE kind = 'citizen'")


def _share_statistics(square: Square, request: Request) -> Answer:
    """Of all posts of a page together, or of each of those that are named."""
    page = acting(square, request, request.text("organizationalEntity"))
    who = f"urn:li:organization:{page.id}"
    every = [
        post
        for post in posts.by_person(
            square.db, page.id, page.id, posts.Window(limit=1_000_000, network=entities.NETWORK)
        )
        if post.reply_to_person is None
    ]
    elements: list[object] = []
    if not request.text("shares") and not request.text("ugcPosts"):
        elements.append({"totalShareStatistics": _totals(square, every), "organizationalEntity": who})
    for urn in request.text("shares").removeprefix("List(").removesuffix(")").split(","):
        try:
            post = entities.post_named(square, urn)
        except Refused:
            continue
        totals = _totals(square, [post])
        elements.append({"totalShareStatistics": totals, "share": urn, "organizationalEntity": who})
    return json_answer(paging.answer(request, elements, len(elements)))


def _totals(square: Square, every: list[posts.Post]) -> entities.Json:
    """A view by each citizen of each post; nobody clicks and nobody shares on the square."""
    likes = sum(posts.counts(square.db, post, None).favourites for post in every)
    comments = sum(len(posts.descendants(square.db, post, None)) for post in every)
    views = _citizens(square) * len(every)
    return {
        "impressionCount": views,
        "uniqueImpressionsCount": _citizens(square) if every else 0,
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
