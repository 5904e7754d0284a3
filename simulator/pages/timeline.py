"""The square: what is said, in threads, and a form with which one plays a citizen."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from simulator.dialects import DIALECTS, by_network
from simulator.exchange import Answer, Request, redirect
from simulator.pages import beside, post, writing
from simulator.pages.html import address, missing, respond
from simulator.pages.words import words_for
from simulator.routing import Routes, Simulator
from simulator.saying import DEFAULT, Said, say
from simulator.store import people, posts

routes = Routes()
PAGE = 20


@routes.on("GET", "/")
def square_page(simulator: Simulator, request: Request) -> Answer:
    """The newest conversations, whole, and a form to start another."""
    return _front_page(simulator, request)


def _front_page(simulator: Simulator, request: Request, problem: str = "") -> Answer:
    words = words_for(request)
    threads = _threads(simulator, request)
    shown = (
        "".join(post.thread(simulator, request, root) for root in threads) or f'<p class="card">{words["empty"]}</p>'
    )
    older = ""
    if len(threads) == PAGE:
        target = address(request, "/", before=str(threads[-1].id))
        older = f'<p class="older"><a href="{target}">{words["older"]}</a></p>'
    aside = writing.form(simulator, request, problem=problem) + writing.add_person(request)
    content = f"""<div class="columns">
<section class="stream" aria-labelledby="said"><div class="title"><h1 id="said">{words["timeline"]}</h1>
<a class="jump" href="#write">{words["write"]}</a>
<label class="refresh" hidden><input type="checkbox" id="refresh">{words["refresh"]}</label></div>
<p class="sr" role="status" id="news" data-news="{words["refreshed"]}"></p>
{_filter(request)}<div id="stream">{shown}</div>{older}</section>
<aside>{aside}</aside></div>"""
    status = 422 if problem else 200
    return respond(request, words["square"], content, status=status, script=True)


def _filter(request: Request) -> str:
    """One network alone, or all of them: an address to share."""
    words, chosen = words_for(request), request.text("network")
    options = "".join(
        f'<option value="{one.network}"{" selected" if one.network == chosen else ""}>{escape(one.name)}</option>'
        for one in DIALECTS
    )
    kept = "".join(
        f'<input type="hidden" name="{name}" value="{escape(request.text(name))}">'
        for name in ("lang", "as")
        if request.text(name)
    )
    return f"""<form method="get" action="/" class="row">{kept}
<p class="field"><label for="only">{words["network"]}</label><select id="only" name="network">
<option value="">{words["all_networks"]}</option>{options}</select></p>
<p class="actions"><button class="quiet">{words["show"]}</button></p></form>"""


def _threads(simulator: Simulator, request: Request) -> list[posts.Post]:
    """The first posts of the newest conversations, newest first, before `?before=`."""
    rows = simulator.db.rows(
        """SELECT id FROM posts WHERE reply_to IS NULL AND deleted_ms IS NULL AND visibility IN ('public', 'unlisted')
           AND (:before IS NULL OR id < :before) AND :network IN ('', network) ORDER BY id DESC LIMIT :limit""",
        {"network": request.text("network"), "before": request.number("before"), "limit": PAGE},
    )
    return [found for row in rows if (found := posts.by_id(simulator.db, row["id"]))]


@routes.on("GET", "/@{handle}")
def profile(simulator: Simulator, request: Request, handle: str) -> Answer:
    """Somebody's messages."""
    words, person = words_for(request), people.by_handle(simulator.db, handle)
    if not person:
        return missing(request)
    found = posts.by_person(simulator.db, person.id, None, posts.Window(limit=100))
    shown = "".join(post.card(simulator, request, one) for one in found) or f'<p class="card">{words["empty"]}</p>'
    title = words["messages_of"].format(name=person.name)
    return respond(request, title, f"<h1>{escape(title)}</h1>{shown}")


@routes.on("GET", "/tags/{tag}")
def tagged(simulator: Simulator, request: Request, tag: str) -> Answer:
    """The newest messages that carry a hashtag."""
    words = words_for(request)
    found = posts.public(simulator.db, posts.Window(limit=100), tag=tag)
    shown = "".join(post.card(simulator, request, one) for one in found) or f'<p class="card">{words["empty"]}</p>'
    return respond(request, f"#{tag}", f"<h1>#{escape(tag)}</h1>{shown}")


@routes.on("GET", "/@{handle}/{status_id}")
def conversation(simulator: Simulator, request: Request, handle: str, status_id: str) -> Answer:
    """A post between what it answers and what answers it, with a form to answer it."""
    return _conversation(simulator, request, status_id)


def _conversation(simulator: Simulator, request: Request, status_id: str, problem: str = "") -> Answer:
    words = words_for(request)
    found = posts.by_id(simulator.db, int(status_id)) if status_id.isdigit() and len(status_id) < 19 else None
    if not found:
        return missing(request)
    above = posts.ancestors(simulator.db, found, None)
    shown = post.thread(simulator, request, above[0] if above else found, marked=found.id)
    content = f"""<h1>{words["conversation"]}</h1><div class="columns">
<section class="stream" aria-label="{words["conversation"]}">{shown}</section>
<aside>{writing.form(simulator, request, parent=found, problem=problem)}</aside></div>"""
    return respond(request, words["conversation"], content, status=422 if problem else 200)


@routes.on("POST", "/write")
def write(simulator: Simulator, request: Request) -> Answer:
    """A person writes or answers; then the message is shown. What cannot be sent comes back with the reason."""
    words, author = words_for(request), people.by_handle(simulator.db, request.text("as"))
    written, parent = request.text("text").replace("\r\n", "\n").strip(), request.number("reply_to")
    problem = ""
    if not author:
        problem = words["no_person"]
    elif not written:
        problem = words["no_text"]
    elif parent and not posts.by_id(simulator.db, parent, author.id):
        return _front_page(simulator, request, words["no_parent"])
    else:
        network = _network(simulator, request, parent)
        problem = writing.too_long(request, written, network) or beside.problem(request, network)
    if problem or not author:
        return (
            _conversation(simulator, request, str(parent), problem)
            if parent
            else _front_page(simulator, request, problem)
        )
    said = Said(
        author,
        written,
        reply_to=parent,
        mention=[name for name in request.texts("mention") if name],
        language=request.text("language"),
        visibility=seen_by if (seen_by := request.text("seen_by")) in writing.VISIBILITIES else "public",
        network=_network(simulator, request, parent),
        **beside.of(request),
    )
    made = say(simulator, said)
    root = [*posts.ancestors(simulator.db, made, None), made][0]
    return redirect(f"/?{_choice(request)}#post-{made.id}" if not parent else _at(simulator, root, request, made.id))


def _network(simulator: Simulator, request: Request, parent: int | None) -> str:
    """Where a message goes: an answer stays with its question."""
    answered = posts.by_id(simulator.db, parent) if parent else None
    chosen = answered.network if answered else request.text("network")
    return chosen if by_network(chosen) else DEFAULT


def _at(simulator: Simulator, root: posts.Post, request: Request, identifier: int) -> str:
    author = people.by_id(simulator.db, root.person_id)
    handle = author.handle if author else ""
    return f"/@{handle}/{root.id}?{_choice(request)}#post-{identifier}"


def _choice(request: Request) -> str:
    return urlencode({name: request.text(name) for name in ("lang", "as") if request.text(name)})


@routes.on("POST", "/people")
def add_person(simulator: Simulator, request: Request) -> Answer:
    """A new citizen, whom one plays at once."""
    try:
        person = people.create(simulator.db, handle=request.text("handle"), name=request.text("name"))
    except people.HandleRefused:
        return _front_page(simulator, request, words_for(request)["bad_handle"])
    chosen = {"lang": request.text("lang"), "as": person.handle}
    return redirect("/?" + urlencode({name: value for name, value in chosen.items() if value}))
