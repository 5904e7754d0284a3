"""As which page a caller may act."""

from __future__ import annotations

from simulator.dialects.linkedin import entities
from simulator.dialects.linkedin.manners import refusal
from simulator.exchange import Request
from simulator.routing import Simulator
from simulator.store import people, roles


def acting(simulator: Simulator, request: Request, urn: str) -> people.Person:
    """The page that `urn` names, where the caller administers it; refused for all others."""
    page = entities.page_of(simulator, urn)
    assert request.person is not None
    if not roles.administers(simulator.db, request.person, page.id, network=entities.NETWORK):
        raise refusal(403, "ACCESS_DENIED", f"Not enough permissions to access: not an administrator of {urn}", 100)
    return page
