"""Lists: what somebody wrote, who named them, and what the search of the last seven days finds."""

from __future__ import annotations

import re

from simulator.dialects.x import errors, paging
from simulator.dialects.x.tweets import READ
from simulator.exchange import Answer, Request
from simulator.routing import Routes, Simulator
from simulator.store import finds, people, posts
from simulator.store.database import now_ms
from simulator.store.posts import Post, Window

routes = Routes()
WEEK_MS = 7 * 86_400_000
OPERATOR = re.compile(r"-?\b(?:is|has):\w+")
LONGEST_QUERY = 512


@routes.on("GET", "/2/users/{user_id}/tweets", scope=READ, family="x:reads")
def own(simulator: Simulator, request: Request, user_id: str) -> Answer:
    person = _person(simulator, user_id)
    asked = paging.window(request, least=5)
    return paging.page(simulator, posts.by_person(simulator.db, person.id, None, asked), request, asked)


@routes.on("GET", "/2/users/{user_id}/mentions", scope=READ, family="x:mentions")
def mentions(simulator: Simulator, request: Request, user_id: str) -> Answer:
    person = _person(simulator, user_id)
    asked = paging.window(request, least=5)
    return paging.page(simulator, _naming(simulator, person.id, asked), request, asked)


@routes.on("GET", "/2/tweets/search/recent", scope=READ, signed_in=True, family="x:search")
def search(simulator: Simulator, request: Request) -> Answer:
    query = request.text("query")
    if not query.strip() or len(query) > LONGEST_QUERY:
        raise errors.invalid("query", query, "The query must be between 1 and 512 characters.")
    if request.text("start_time") and paging.moment(request, "start_time") < now_ms() - WEEK_MS:
        given = request.text("start_time")
        raise errors.invalid("start_time", given, f"Invalid 'start_time':'{given}'. It must be within the last week.")
    asked = paging.window(request, least=10, token="next_token")  # noqa: S106 - a parameter's name
    assert request.person is not None
    wanted = finds.parse(OPERATOR.sub(" ", query))
    return paging.page(
        simulator, finds.posts_matching(simulator.db, wanted, viewer_id=request.person.id, window=asked), request, asked
    )


def _naming(simulator: Simulator, person_id: int, asked: Window) -> list[Post]:
    """Messages of others that name a person, newest first: a protected author's too, whom the person follows."""
    rows = simulator.db.rows(
        """SELECT p.id FROM posts p JOIN mentions m ON m.post_id = p.id AND m.person_id = :person
           WHERE p.deleted_ms IS NULL AND p.network = 'x' AND p.visibility <> 'direct' AND p.person_id <> :person
           AND p.id > :floor AND p.id < :ceiling AND p.created_ms <= :horizon ORDER BY p.id DESC LIMIT :limit""",
        {
            "person": person_id,
            "floor": asked.floor,
            "ceiling": asked.ceiling,
            "horizon": asked.horizon,
            "limit": asked.limit,
        },
    )
    return [post for row in rows if (post := posts.by_id(simulator.db, row["id"], person_id))]


def _person(simulator: Simulator, user_id: str) -> people.Person:
    person = people.by_id(simulator.db, int(user_id)) if user_id.isdigit() and len(user_id) < 20 else None
    if not person:
        raise errors.invalid("id", user_id, f"The `id` query parameter value [{user_id}] is not valid")
    return person
