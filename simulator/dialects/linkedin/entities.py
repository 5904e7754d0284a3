"""The JSON objects of the API, and the URNs that name the store's things."""

from __future__ import annotations

import re

from simulator.dialects.linkedin.littletext import written
from simulator.dialects.linkedin.manners import refusal
from simulator.exchange import Refused
from simulator.routing import Simulator
from simulator.store import people, posts

Json = dict[str, object]

NETWORK = "linkedin"
NAMED = re.compile(r"urn:li:(share|ugcPost|activity):(\d{1,18})")
COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?(share|ugcPost|activity):(\d{1,18}),(\d{1,18})\)")


def not_found(urn: str) -> Refused:
    return refusal(404, "RESOURCE_NOT_FOUND", f"Could not find entity {urn}")


def person_urn(person: people.Person) -> str:
    return f"urn:li:{'organization' if person.kind == 'organisation' else 'person'}:{person.id}"


def share_urn(identifier: int) -> str:
    return f"urn:li:share:{identifier}"


def activity_urn(identifier: int) -> str:
    """The other name of a post, with a number of its own, under which its comments hang."""
    return f"urn:li:activity:{identifier + 1}"


def post_named(simulator: Simulator, urn: str) -> posts.Post:
    """The post that `urn` names, as a share or as an activity; refused where there is none."""
    found = NAMED.fullmatch(urn)
    number = int(found[2]) - (found[1] == "activity") if found else 0
    post = posts.by_id(simulator.db, number, network=NETWORK)
    if not post or post.reply_to_person is not None:
        raise not_found(urn)
    return post


def comment_named(simulator: Simulator, urn: str) -> posts.Post:
    """The comment that `urn` names; refused where there is none."""
    found = COMMENT.fullmatch(urn)
    return comment_below(simulator, f"urn:li:{found[1]}:{found[2]}", found[3]) if found else _no(urn)


def comment_below(simulator: Simulator, below: str, number: str) -> posts.Post:
    """The comment with that number in the thread of the post `below`."""
    root = post_named(simulator, below)
    comment = posts.by_id(simulator.db, int(number), network=NETWORK) if number.isdigit() and len(number) < 19 else None
    if not comment or comment.reply_to is None or root_of(simulator, comment) != root.id:
        raise not_found(f"{below},{number}")
    return comment


def _no(urn: str) -> posts.Post:
    raise not_found(urn)


def root_of(simulator: Simulator, post: posts.Post) -> int:
    chain = posts.ancestors(simulator.db, post, None)
    return chain[0].id if chain else post.id


def comment_urn(simulator: Simulator, comment: posts.Post) -> str:
    return f"urn:li:comment:({activity_urn(root_of(simulator, comment))},{comment.id})"


def page_of(simulator: Simulator, urn: str) -> people.Person:
    """The organisation that `urn` names; refused where it is none."""
    found = re.fullmatch(r"(?:urn:li:organization:)?(\d{1,18})", urn)
    person = people.by_id(simulator.db, int(found[1])) if found else None
    if not person or person.kind != "organisation":
        raise not_found(urn)
    return person


def post(simulator: Simulator, found: posts.Post) -> Json:
    author = people.by_id(simulator.db, found.person_id)
    assert author is not None
    content = found.extra.get("content")
    shown: Json = {
        "id": share_urn(found.id),
        "author": person_urn(author),
        "commentary": written(found.text),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "lifecycleStateInfo": {"isEditedByAuthor": found.edited_ms is not None},
        "isReshareDisabledByAuthor": False,
        "createdAt": found.created_ms,
        "publishedAt": found.created_ms,
        "lastModifiedAt": found.edited_ms or found.created_ms,
    }
    return shown | ({"content": content} if content else {})


def comment(simulator: Simulator, found: posts.Post) -> Json:
    author = people.by_id(simulator.db, found.person_id)
    assert author is not None
    who, root = person_urn(author), root_of(simulator, found)
    stamp: Json = {"actor": who, "time": found.created_ms}
    shown: Json = {
        "$URN": comment_urn(simulator, found),
        "actor": who,
        "commentUrn": comment_urn(simulator, found),
        "created": stamp,
        "id": str(found.id),
        "lastModified": {"actor": who, "time": found.edited_ms or found.created_ms},
        "message": {"attributes": [], "text": found.text},
        "object": activity_urn(root),
        **summary(simulator, found),
    }
    if found.reply_to and found.reply_to != root:
        shown["parentComment"] = f"urn:li:comment:({activity_urn(root)},{top_of(simulator, found)})"
    return shown


def top_of(simulator: Simulator, found: posts.Post) -> int:
    """The comment right below the post, in whose thread `found` stands: comments nest once."""
    chain = posts.ancestors(simulator.db, found, None)
    return chain[1].id if len(chain) > 1 else found.id


def summary(simulator: Simulator, found: posts.Post) -> Json:
    counts = posts.counts(simulator.db, found, None)
    below = len(posts.descendants(simulator.db, found, None))
    return {
        "likesSummary": {
            "aggregatedTotalLikes": counts.favourites,
            "likedByCurrentUser": False,
            "selectedLikes": [],
            "totalFirstLevelLikes": counts.favourites,
        },
        "commentsSummary": {
            "aggregatedTotalComments": below,
            "selectedComments": [],
            "totalFirstLevelComments": counts.replies,
        },
    }
