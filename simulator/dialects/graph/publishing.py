"""Publishing on Instagram: a container that fetches what it is to show, then its publication; and other edges."""

from __future__ import annotations

from typing import Any

from simulator import pictures
from simulator.dialects.graph import accounts, errors, lists
from simulator.dialects.graph.fetching import CannotFetch, fetched
from simulator.dialects.graph.fields import Field, parse, pick
from simulator.dialects.graph.sight import INSTAGRAM, Account, Sight, resolve, see
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import media, posts, things
from simulator.store.database import now_ms
from simulator.store.posts import Post
from simulator.store.things import Thing

routes = Routes("instagram:calls")
MOST_CAPTION, MOST_HASHTAGS, MOST_HANDLES = 2_200, 30, 20
MOST_PARTS = 10
DAY_MS = 86_400_000


def own_account(simulator: Simulator, request: Request, account_id: str, scope: str) -> tuple[Sight, Account]:
    sight = see(simulator, request)
    found = resolve(sight, account_id)
    if not isinstance(found, Account) or found.person.id != sight.person.id:
        raise errors.no_such_object(account_id, request.method)
    sight.need(scope)
    return sight, found


@routes.on("POST", "/v26.0/{account_id}/media", signed_in=True)
def create(simulator: Simulator, request: Request, account_id: str) -> Answer:
    """A container. The picture is fetched at once; a film, and a container of several, take one look longer."""
    sight, found = own_account(simulator, request, account_id, "instagram_content_publish")
    caption = request.text("caption")
    too_many = caption.count("#") > MOST_HASHTAGS or caption.count("@") > MOST_HANDLES
    if len(caption) > MOST_CAPTION or too_many:
        raise errors.refusal(36004, "The caption was too long", subcode=2207010)
    data: dict[str, Any] = {"caption": caption, "looks": 0, "status_code": "IN_PROGRESS"}
    if request.text("media_type") == "CAROUSEL":
        data |= _children(sight)
    elif request.text("video_url"):
        if request.text("is_carousel_item") and request.text("media_type") != "VIDEO":
            raise errors.invalid("Reels cannot appear in carousels")
        data["video"] = len(_fetch(request.text("video_url")))
    elif request.text("image_url"):
        data |= {"media": _picture(sight), "status_code": "FINISHED"}
    else:
        raise errors.invalid("The parameter image_url is required")
    made = things.add(simulator.db, network=INSTAGRAM, kind="container", person_id=found.person.id, data=data)
    request.made = str(made.id)
    return json_answer({"id": str(made.id)})


def _fetch(url: str) -> bytes:
    try:
        return fetched(url)
    except CannotFetch:
        raise errors.cannot_fetch() from None


def _picture(sight: Sight) -> int:
    content = _fetch(sight.request.text("image_url"))
    measured = pictures.measure(content)
    if not measured:
        raise errors.cannot_fetch()
    mime, width, height = measured
    if mime != "image/jpeg":
        raise errors.no_jpeg()
    alt = sight.request.text("alt_text") or None
    size = (width, height)
    made = media.create(
        sight.simulator.db, person_id=sight.person.id, mime=mime, content=content, size=size, alt=alt, focus=None
    )
    return made.id


def _children(sight: Sight) -> dict[str, Any]:
    numbers = [int(one) if one.isdigit() else 0 for one in sight.request.text("children").split(",")]
    found = [things.by_id(sight.simulator.db, one, network=INSTAGRAM, kind="container") for one in numbers]
    if not 2 <= len(found) <= MOST_PARTS or not all(one and one.person_id == sight.person.id for one in found):
        raise errors.invalid("Invalid parameter: children")
    pictures_held = [int(one.data["media"]) for one in found if one and "media" in one.data]
    films = sum(bool(one and "video" in one.data) for one in found)
    return {"children": pictures_held, **({"video": films} if films else {})}


@routes.on("POST", "/v26.0/{account_id}/media_publish", signed_in=True, family="instagram:publish")
def publish(simulator: Simulator, request: Request, account_id: str) -> Answer:
    sight, found = own_account(simulator, request, account_id, "instagram_content_publish")
    if _used(simulator, found) >= simulator.limits.rules["instagram:publish"].limit:
        raise errors.used_up()
    made = resolve(sight, request.text("creation_id") or "0")
    if not isinstance(made, Thing) or made.kind != "container":
        raise errors.invalid("Invalid creation_id")
    if made.data["status_code"] != "FINISHED":
        raise errors.not_ready()
    shown = made.data.get("children") or [one for one in (made.data.get("media"),) if one]
    extra = {"video": True} if made.data.get("video") else {}
    draft = posts.draft(
        person_id=found.person.id, text=made.data["caption"], language=found.person.language or None,
        network=INSTAGRAM, extra=extra,
    )  # fmt: skip
    post = posts.create(simulator.db, draft, tuple(shown))
    things.change(simulator.db, made, data=made.data | {"status_code": "PUBLISHED"})
    request.made = str(post.id)
    return json_answer({"id": str(post.id)})


def _used(simulator: Simulator, account: Account) -> int:
    sql = f"SELECT count(*) FROM posts p WHERE {accounts.PUBLISHED} AND p.created_ms > :since"  # noqa: S608 - ours
    return simulator.db.value(sql, {"account": account.person.id, "since": now_ms() - DAY_MS})


@routes.on("GET", "/v26.0/{account_id}/content_publishing_limit", signed_in=True)
def allowance(simulator: Simulator, request: Request, account_id: str) -> Answer:
    _, found = own_account(simulator, request, account_id, "instagram_content_publish")
    most = simulator.limits.rules["instagram:publish"].limit
    config = {"quota_total": most, "quota_duration": 86_400}
    return json_answer({"data": [{"config": config, "quota_usage": _used(simulator, found)}]})


@routes.on("GET", "/v26.0/{account_id}/media", signed_in=True)
def listed(simulator: Simulator, request: Request, account_id: str) -> Answer:
    sight, found = own_account(simulator, request, account_id, "instagram_basic")
    return _posts(sight, found, accounts.PUBLISHED, "media")


@routes.on("GET", "/v26.0/{account_id}/tags", signed_in=True)
def tags(simulator: Simulator, request: Request, account_id: str) -> Answer:
    sight, found = own_account(simulator, request, account_id, "instagram_manage_comments")
    return _posts(sight, found, accounts.TAGGED, "tags")


def _posts(sight: Sight, account: Account, condition: str, edge: str) -> Answer:
    wanted, fields = lists.asked(sight, edge), parse(sight.request.text("fields"))

    def show(post: Post) -> dict[str, Any]:
        return pick(accounts.published(sight, post), fields, kind="ShadowIGMedia")

    found = lists.posts_where(sight, condition, wanted, account=account.person.id)
    path = f"{account.id}/{edge}"
    return json_answer(lists.sliced(sight, wanted, found, key=lambda one: one.id, show=show, path=path))


def _comment(sight: Sight, comment_id: str) -> Post:
    found = resolve(sight, comment_id)
    if not isinstance(found, Post) or found.network != INSTAGRAM or not found.reply_to:
        raise errors.no_such_object(comment_id, sight.request.method)
    return found


@routes.on("GET", "/v26.0/{comment_id}/replies", signed_in=True)
def replies(simulator: Simulator, request: Request, comment_id: str) -> Answer:
    sight = see(simulator, request)
    wanted = lists.asked(sight, "replies")
    wanted = Field(wanted.name, wanted.args, parse(request.text("fields")))
    return json_answer(accounts.replies(sight, _comment(sight, comment_id), wanted) or {"data": []})


@routes.on("POST", "/v26.0/{comment_id}/replies", signed_in=True)
def reply(simulator: Simulator, request: Request, comment_id: str) -> Answer:
    sight = see(simulator, request)
    return json_answer(accounts.commented(sight, _comment(sight, comment_id), request.text("message")))


@routes.on("POST", "/v26.0/{account_id}/mentions", signed_in=True)
def answer_mention(simulator: Simulator, request: Request, account_id: str) -> Answer:
    """A comment below what somebody else published, where it names the account."""
    sight, found = own_account(simulator, request, account_id, "instagram_manage_comments")
    place = request.number("comment_id") or request.number("media_id") or 0
    post = posts.by_id(simulator.db, place, network=INSTAGRAM)
    if not post or found.person.id not in posts.mentioned_ids(simulator.db, post):
        raise errors.no_such_object(str(place), "POST")
    return json_answer(accounts.written(sight, post, request.text("message")))


def looked_at(simulator: Simulator, container: Thing) -> Thing:
    """One more look at a container; after the first, what was in progress is done."""
    data = container.data | {"looks": container.data["looks"] + 1}
    if data["status_code"] == "IN_PROGRESS" and data["looks"] > 1:
        data["status_code"] = "FINISHED"
    things.change(simulator.db, container, data=data)
    found = things.by_id(simulator.db, container.id, network=INSTAGRAM, kind="container")
    assert found is not None
    return found
