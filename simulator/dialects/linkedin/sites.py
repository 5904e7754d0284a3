"""The addresses at which people see what the API names; they lead to the square's own pages."""

from __future__ import annotations

from simulator.dialects.linkedin import entities
from simulator.exchange import Answer, Refused, Request, redirect
from simulator.pages.html import missing
from simulator.routing import Routes, Simulator
from simulator.store import people

about = Routes()


@about.on("GET", "/feed/update/{urn}")
def update(simulator: Simulator, request: Request, urn: str) -> Answer:
    try:
        comment = request.text("commentUrn")
        post = entities.comment_named(simulator, comment) if comment else entities.post_named(simulator, urn)
    except Refused:
        return missing(request)
    author = people.by_id(simulator.db, post.person_id)
    return redirect(f"/@{author.handle}/{post.id}") if author else missing(request)


@about.on("GET", "/company/{handle}")
def company(simulator: Simulator, request: Request, handle: str) -> Answer:
    page = people.by_handle(simulator.db, handle)
    return redirect(f"/@{page.handle}") if page else missing(request)
