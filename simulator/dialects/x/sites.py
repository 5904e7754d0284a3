"""The pages that X's addresses lead to: the square's own, which show every network."""

from __future__ import annotations

from simulator.exchange import Answer, Request, redirect
from simulator.pages.html import missing
from simulator.routing import Routes, Square
from simulator.store import people, posts

about = Routes()


@about.on("GET", "/i/status/{tweet_id}")
def post(square: Square, request: Request, tweet_id: str) -> Answer:
    known = tweet_id.isdigit() and len(tweet_id) < 20
    found = posts.by_id(square.db, int(tweet_id), network="x") if known else None
    author = people.by_id(square.db, found.person_id) if found else None
    if not found or not author:
        return missing(request)
    return redirect(f"/@{author.handle}/{found.id}")
