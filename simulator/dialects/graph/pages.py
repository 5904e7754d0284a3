"""A page: what it and its visitors write, and what it uploads."""

from __future__ import annotations

import json
import re
from typing import Any

from simulator import pictures
from simulator.dialects.graph import errors, lists, nodes
from simulator.dialects.graph.fields import Field, parse, pick
from simulator.dialects.graph.sight import FACEBOOK, Account, Sight, resolve, see
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import media, posts
from simulator.store.people import Person
from simulator.store.posts import Post

routes = Routes("facebook:calls")
MOST_CHARACTERS = 63_206
MOST_BYTES = 10_000_000
ATTACHED = re.compile(r"attached_media\[\d+\]")
# What stands on a page: what the page wrote, and what visitors wrote there, which begins with its name.
TOPMOST = "p.network = 'facebook' AND p.reply_to IS NULL AND p.reply_to_person IS NULL"
NAMED = "EXISTS (SELECT 1 FROM mentions m WHERE m.post_id = p.id AND m.person_id = :page) AND p.person_id != :page"
BEGINS = "substr(lower(p.text), 1, length(:name)) = lower(:name)"
FEED = f"{TOPMOST} AND (p.person_id = :page OR ({NAMED} AND {BEGINS}))"
OWN = f"{TOPMOST} AND p.person_id = :page"
TAGGED = f"{TOPMOST} AND {NAMED} AND NOT {BEGINS}"


def own_page(sight: Sight, identifier: str, scope: str) -> Person:
    """The page whose token this is; refused for another page's, and for what is no page."""
    found = resolve(sight, identifier)
    if not isinstance(found, Person):
        raise errors.no_such_object(identifier, sight.request.method)
    sight.need(scope)
    if found.id != sight.person.id:
        raise errors.forbidden("Requires a page access token of this page")
    return found


def _listed(simulator: Simulator, request: Request, page_id: str, condition: str, edge: str) -> Answer:
    sight = see(simulator, request)
    page = own_page(sight, page_id, "pages_read_engagement")
    wanted = lists.asked(sight, edge)
    found = lists.posts_where(sight, condition, wanted, page=page.id, name=f"@{page.handle}")
    fields = parse(request.text("fields"))
    told = lists.sliced(
        sight,
        wanted,
        found,
        key=lambda one: one.id,
        show=lambda one: pick(nodes.post(sight, one), fields, kind="Post", default=nodes.POST_DEFAULT),
        path=f"{page.id}/{edge}",
    )
    return json_answer(told)


@routes.on("GET", "/v26.0/{page_id}/feed", signed_in=True)
def feed(simulator: Simulator, request: Request, page_id: str) -> Answer:
    return _listed(simulator, request, page_id, FEED, "feed")


@routes.on("GET", "/v26.0/{page_id}/posts", signed_in=True)
def own_posts(simulator: Simulator, request: Request, page_id: str) -> Answer:
    return _listed(simulator, request, page_id, OWN, "posts")


@routes.on("GET", "/v26.0/{page_id}/tagged", signed_in=True)
def tagged(simulator: Simulator, request: Request, page_id: str) -> Answer:
    return _listed(simulator, request, page_id, TAGGED, "tagged")


@routes.on("POST", "/v26.0/{page_id}/feed", signed_in=True)
def write(simulator: Simulator, request: Request, page_id: str) -> Answer:
    """Text, link, pictures that were uploaded before. The same words twice in a row are refused."""
    sight = see(simulator, request)
    page = own_page(sight, page_id, "pages_manage_posts")
    text, link = request.text("message"), request.text("link")
    attached = _attached(sight)
    if not (text.strip() or link or attached):
        raise errors.invalid("Requires one of the params: message,link,attached_media")
    if len(text) > MOST_CHARACTERS:
        raise errors.invalid(f"Your message exceeds the limit of {MOST_CHARACTERS} characters")
    if not attached and _is_repeated(sight, page, text, link):
        raise errors.duplicate()
    made = posts.create(simulator.db, drafted(sight, page, text, link=link), tuple(one.id for one in attached))
    request.made = str(made.id)
    return json_answer(pick(nodes.post(sight, made), parse(request.text("fields")), kind="Post"))


def drafted(sight: Sight, page: Person, text: str, **extra: str) -> Post:
    token = sight.request.token
    return posts.draft(
        person_id=page.id,
        text=text,
        language=page.language or None,
        app_id=token.app_id if token else None,
        network=FACEBOOK,
        extra={name: value for name, value in extra.items() if value},
    )


def _attached(sight: Sight) -> list[media.Media]:
    """The caller's own uploads that no post shows yet, in the order of their names."""
    found = []
    for name in sorted(filter(ATTACHED.fullmatch, sight.request.fields)):
        try:
            told = json.loads(sight.request.text(name))
            number = int(told["media_fbid"])
        except (ValueError, TypeError, KeyError):
            raise errors.invalid(f"Param {name} must be a JSON object") from None
        one = media.by_id(sight.simulator.db, number)
        if not one or one.post_id or one.person_id != sight.person.id:
            raise errors.invalid(f"Invalid media_fbid in {name}")
        found.append(one)
    return found


def _is_repeated(sight: Sight, page: Person, text: str, link: str) -> bool:
    latest = lists.posts_where(sight, OWN, Field("feed", {"limit": "1"}), page=page.id)
    return bool(latest) and (latest[0].text, latest[0].extra.get("link", "")) == (text, link)


@routes.on("POST", "/v26.0/{page_id}/photos", signed_in=True)
def upload_photo(simulator: Simulator, request: Request, page_id: str) -> Answer:
    """A picture; with `published=false` nobody sees it until a post shows it."""
    sight = see(simulator, request)
    page = own_page(sight, page_id, "pages_manage_posts")
    upload = request.uploads.get("source")
    measured = pictures.measure(upload.content) if upload else None
    if not upload or not measured or len(upload.content) > MOST_BYTES:
        raise errors.no_picture()
    mime, width, height = measured
    made = media.create(
        simulator.db,
        person_id=page.id,
        mime=mime,
        content=upload.content,
        size=(width, height),
        alt=request.text("alt_text_custom") or None,
        focus=None,
    )
    told = {"id": str(made.id)}
    if request.text("published", "true") != "false":
        shown = posts.create(simulator.db, drafted(sight, page, request.text("message")), (made.id,))
        told["post_id"] = f"{page.id}_{shown.id}"
    request.made = str(made.id)
    return json_answer(told)


@routes.on("GET", "/v26.0/{node_id}/insights", signed_in=True)
def insights(simulator: Simulator, request: Request, node_id: str) -> Answer:
    """Figures of a page, a post, an Instagram account or its media: those metrics that exist."""
    sight = see(simulator, request)
    found, wanted = resolve(sight, node_id), lists.asked(sight, "insights")
    asked = [name for name in wanted.args.get("metric", "").split(",") if name]
    period, values = "lifetime", {}
    if isinstance(found, Person):
        sight.need("read_insights")
        period, values = "day", nodes.page_views(sight, found)
    elif isinstance(found, Account):
        sight.need("instagram_manage_insights")
        period, values = "day", accounts_views(sight, found)
    elif isinstance(found, Post):
        values = media_views(sight, found) if found.network != FACEBOOK else nodes.post_views(sight, found)
    if not asked or set(asked) - set(values):
        raise errors.invalid(f"metric[0] must be one of the following values: {', '.join(values)}")
    whole = wanted.args.get("metric_type") == "total_value"
    shown = [nodes.insight(name, values[name], period, node_id) for name in asked]
    return json_answer({"data": [_whole(one) if whole else one for one in shown]})


def _whole(one: dict[str, Any]) -> dict[str, Any]:
    value = one["values"][0]["value"]
    return {name: told for name, told in one.items() if name != "values"} | {"total_value": {"value": value}}


def media_views(sight: Sight, post: Post) -> dict[str, int]:
    counted = posts.counts(sight.simulator.db, post, None)
    seen = counted.replies + counted.favourites
    figures = {"likes": counted.favourites, "comments": counted.replies, "shares": 0, "saved": 0}
    return {"views": seen, "reach": seen, **figures}


def accounts_views(sight: Sight, account: Account) -> dict[str, int]:
    seen = nodes.page_views(sight, account.person)["page_media_view"]
    return {"views": seen, "reach": seen}
