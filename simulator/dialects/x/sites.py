"""The pages that X's addresses lead to: the square's own, which show every network."""

from __future__ import annotations

from simulator.dialects.x import entities
from simulator.exchange import Answer, Request, redirect
from simulator.pages.html import missing
from simulator.routing import Routes, Simulator
from simulator.store import people

about = Routes()


@about.on("GET", "/i/status/{tweet_id}")
def post(simulator: Simulator, request: Request, tweet_id: str) -> Answer:
    found = entities.found(simulator, tweet_id)
    author = people.by_id(simulator.db, found.person_id) if found else None
    if not found or not author:
        return missing(request)
    return redirect(f"/@{author.handle}/{found.id}")
