"""Channels, what they uploaded, and the search in all of it."""

from __future__ import annotations

from datetime import datetime

from simulator.dialects.youtube import entities, ids, threads
from simulator.dialects.youtube.lists import page, part_of
from simulator.dialects.youtube.manners import refused
from simulator.exchange import Answer, Request, json_answer, redirect
from simulator.routing import Routes, Simulator
from simulator.store import finds, people
from simulator.store.posts import Window

routes = Routes("youtube:units")
about = Routes()  # pages, outside the API


@routes.on("GET", "/youtube/v3/channels", scope="read", signed_in=True)
def read(simulator: Simulator, request: Request) -> Answer:
    """One's own with `mine`, else those named by `id`."""
    found = [request.person] if request.flag("mine") else []
    if request.text("id"):
        found += [people.by_id(simulator.db, ids.person_of(one)) for one in request.text("id").split(",")]
    elif not found:
        raise refused(400, "missingRequiredParameter", "No filter selected. Expected one of: id, mine")
    items = [entities.channel(simulator, person, request) for person in found if person]
    listed = entities.listing("channel", items, most=5)
    if not items:
        del listed["items"]  # as the real network does
    return json_answer(listed)


@routes.on("GET", "/youtube/v3/playlistItems", scope="read", signed_in=True)
def uploads(simulator: Simulator, request: Request) -> Answer:
    playlist = request.text("playlistId")
    person = people.by_id(simulator.db, ids.person_of(playlist)) if playlist.startswith("UU") else None
    if not person:
        words = "The playlist identified with the request's playlistId parameter cannot be found."
        raise refused(404, "playlistNotFound", words, "youtube.playlistItem")
    part = part_of(request, default=5, most=50)
    shown, more = page(threads.videos_of(simulator, person.id, part), part)
    items = [entities.uploaded(simulator, post, request) for post in shown]
    return json_answer(entities.listing("playlistItem", items, most=part.most - 1, more=more))


@routes.on("GET", "/youtube/v3/search", scope="read", signed_in=True, family="youtube:searches")
def search(simulator: Simulator, request: Request) -> Answer:
    """Videos by the words of their titles and descriptions, newest first."""
    assert request.person is not None
    part = part_of(request, default=5, most=50)
    window = Window(limit=1000, max_id=part.before, until_ms=part.until_ms, network=threads.NETWORK)
    hits = finds.posts_matching(
        simulator.db, finds.parse(request.text("q")), viewer_id=request.person.id, window=window
    )
    since = _moment(request.text("publishedAfter"))
    videos = [post for post in hits if post.created_ms >= since and threads.is_video(simulator, post)]
    shown, more = page(videos[: part.most], part)
    listed = entities.listing(
        "search", [entities.hit(simulator, post, request) for post in shown], most=part.most - 1, more=more
    )
    return json_answer(listed | {"regionCode": "BE"})


def _moment(given: str) -> int:
    if not given:
        return 0
    try:
        return int(datetime.fromisoformat(given).timestamp() * 1000)
    except ValueError:
        raise refused(400, "invalidValue", f"Invalid value '{given}'.") from None


@about.on("GET", "/watch")
def watch(simulator: Simulator, request: Request) -> Answer:
    """Where people see a video or one comment: the square's own page of it."""
    comment = threads.standing(simulator, ids.post_of_comment(request.text("lc")))
    post = comment or threads.standing(simulator, ids.post_of_video(request.text("v")))
    author = people.by_id(simulator.db, post.person_id) if post else None
    return redirect(f"/@{author.handle}/{post.id}" if author and post else "/")


@about.on("GET", "/channel/{channel_id}")
def profile(simulator: Simulator, request: Request, channel_id: str) -> Answer:
    person = people.by_id(simulator.db, ids.person_of(channel_id))
    return redirect(f"/@{person.handle}" if person else "/")
