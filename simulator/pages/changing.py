"""A trainer changes or takes away what a citizen wrote."""

from __future__ import annotations

from urllib.parse import urlencode

from simulator.exchange import Answer, Request, redirect
from simulator.pages.html import missing, respond
from simulator.pages.words import words_for
from simulator.pages.writing import change_form, too_long
from simulator.routing import Routes, Simulator
from simulator.store import people, posts

routes = Routes()


def _of_citizen(simulator: Simulator, given: str) -> posts.Post | None:
    """The message, where it stands and is a citizen's."""
    post = posts.by_id(simulator.db, int(given)) if given.isdigit() and len(given) < 20 else None
    author = people.by_id(simulator.db, post.person_id) if post else None
    return post if author and author.kind != "organisation" else None


@routes.on("GET", "/change/{identifier}")
def change_page(simulator: Simulator, request: Request, identifier: str) -> Answer:
    post = _of_citizen(simulator, identifier)
    return _page(request, post) if post else missing(request)


def _page(request: Request, post: posts.Post, problem: str = "") -> Answer:
    title = words_for(request)["change_title"]
    content = f"<h1>{title}</h1>{change_form(request, post, problem)}"
    return respond(request, title, content, status=422 if problem else 200)


@routes.on("POST", "/change")
def change(simulator: Simulator, request: Request) -> Answer:
    """The author writes it anew; then it is shown."""
    post, written = _of_citizen(simulator, request.text("id")), request.text("text").replace("\r\n", "\n").strip()
    if not post:
        return missing(request)
    problem = too_long(request, written, post.network) if written else words_for(request)["no_text"]
    if problem:
        return _page(request, post, problem)
    posts.edit(simulator.db, post, written)
    author = people.by_id(simulator.db, post.person_id)
    return redirect(f"/@{author.handle if author else ''}/{post.id}{_choice(request)}")


@routes.on("POST", "/delete")
def delete(simulator: Simulator, request: Request) -> Answer:
    post = _of_citizen(simulator, request.text("id"))
    if not post:
        return missing(request)
    posts.delete(simulator.db, post)
    return redirect(f"/{_choice(request)}")


def _choice(request: Request) -> str:
    kept = {name: request.text(name) for name in ("lang",) if request.text(name)}
    return f"?{urlencode(kept)}" if kept else ""
