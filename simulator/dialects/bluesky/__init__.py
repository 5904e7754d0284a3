"""Enough XRPC for Bluesky: sessions, repositories and an AppView's lists, without any Node.

Tests have the real Personal Data Server as well; this one is for drills and demonstrations, and stands in for the
AppView that the real one lacks. It has no stream of commits and tells nobody anything unasked.
"""

from simulator.dialects.bluesky import appview, repository, sessions, threads
from simulator.dialects.bluesky.manners import BlueskyManners
from simulator.routing import Dialect

DIALECT = Dialect(
    network="bluesky",
    name="Bluesky",
    prefixes=("/xrpc/",),
    manners=BlueskyManners(),
    routes=[route for noun in (sessions, repository, appview, threads) for route in noun.routes.table],
)
