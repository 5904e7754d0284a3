"""What a page is told: comments below its posts, and posts that name it."""

from __future__ import annotations

import re

from simulator.dialects.linkedin import entities, paging
from simulator.dialects.linkedin.access import acting
from simulator.dialects.linkedin.manners import RestRoutes, refusal
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Simulator
from simulator.store import people, posts
from simulator.store.database import now_ms

routes = RestRoutes()
RANGE = re.compile(r"\(start:(\d{1,15}),end:(\d{1,15})\)")
# What hangs below a page's posts, its own comments under a name of their own, and what names it; each with the moment
# at which the page was told.
TOLD = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM posts
    WHERE network = :network AND person_id = :page AND reply_to_person IS NULL AND deleted_ms IS NULL
    UNION SELECT p.id FROM posts p JOIN below ON p.reply_to = below.id WHERE p.deleted_ms IS NULL
), told(id, at, action) AS (
    SELECT p.id, coalesce(n.seen_ms, p.created_ms),
           CASE WHEN p.person_id = :page THEN 'ADMIN_COMMENT'
                WHEN p.reply_to_person IS NULL THEN 'SHARE_MENTION' ELSE 'COMMENT' END
    FROM posts p
    LEFT JOIN (SELECT post_id, max(seen_ms) AS seen_ms FROM notifications WHERE person_id = :page GROUP BY post_id) n
           ON n.post_id = p.id
    WHERE p.network = :network AND p.deleted_ms IS NULL
      AND ((p.reply_to_person IS NOT NULL AND p.id IN (SELECT id FROM below))
           OR (p.reply_to_person IS NULL AND p.person_id <> :page
               AND EXISTS (SELECT 1 FROM mentions m WHERE m.post_id = p.id AND m.person_id = :page)))
)
SELECT id, at, action FROM told
WHERE at >= :start AND at < :end AND at <= :horizon AND instr(:actions, action) > 0
ORDER BY at DESC, id DESC LIMIT :count OFFSET :place
"""


def _of_page(simulator: Simulator, request: Request) -> Answer:
    page = acting(simulator, request, request.text("organizationalEntity"))
    period = RANGE.fullmatch(request.text("timeRange"))
    if request.text("q") != "criteria" or (request.text("timeRange") and not period):
        raise refusal(400, "ILLEGAL_ARGUMENT", "q must be criteria, timeRange a period")
    start, count = paging.slice_of(request)
    rows = simulator.db.rows(
        TOLD,
        {
            "network": entities.NETWORK,
            "page": page.id,
            "start": int(period[1]) if period else 0,
            "end": int(period[2]) if period else 2**62,
            "horizon": now_ms() - request.lag_ms,
            "actions": request.text("actions"),
            "count": count,
            "place": start,
        },
    )
    shown: list[object] = []
    for row in rows:
        post = posts.by_id(simulator.db, row["id"], network=entities.NETWORK)
        if post:
            shown.append(notification(simulator, page, post, str(row["action"]), int(row["at"])))
    return json_answer(paging.answer(request, shown, start + len(shown)))


def notification(simulator: Simulator, page: people.Person, post: posts.Post, action: str, at_ms: int) -> entities.Json:
    """One thing that a page is told, in a list or by a webhook."""
    author = people.by_id(simulator.db, post.person_id)
    assert author is not None
    who, root = entities.person_urn(author), entities.root_of(simulator, post)
    source = posts.by_id(simulator.db, root, network=entities.NETWORK) or post
    owner = people.by_id(simulator.db, source.person_id)
    shown: entities.Json = {
        "notificationId": post.id % 10**12,
        "organizationalEntity": f"urn:li:organization:{page.id}",
        "subscriber": f"urn:li:person:{page.id}",
        "action": action,
        "lastModifiedAt": at_ms,
        "sourcePost": entities.activity_urn(root),
        "decoratedSourcePost": {
            "entity": entities.share_urn(root),
            "owner": entities.person_urn(owner) if owner else who,
            "text": source.text,
            "mediaCategory": "NONE",
        },
    }
    if action == "SHARE_MENTION":
        shown["generatedActivity"] = entities.share_urn(post.id)
        return shown
    number = f"{entities.activity_urn(root)},{post.id}"
    comment: entities.Json = {
        "entity": f"urn:li:comment:({number})",
        "owner": who,
        "object": entities.activity_urn(root),
        "text": post.text,
    }
    shown["generatedActivity"] = f"urn:li:comment:({number.removeprefix('urn:li:')})"
    return shown | {"decoratedGeneratedActivity": {"comment": comment}}


routes.add("GET", "/rest/organizationalEntityNotifications", _of_page, scope="rw_organization_admin")
