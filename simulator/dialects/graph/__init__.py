"""Meta's Graph API, version 26.0: Facebook pages and Instagram accounts, as far as a public service needs them.

Both are one API on one host: Facebook's dialect owns its paths, and what is written carries the network of the object
that it was written on. Names, types and errors follow recorded answers.
"""

from simulator.dialects.graph import oauth, objects, pages, publishing, subscribing, videos
from simulator.dialects.graph.manners import GraphManners
from simulator.dialects.graph.telling import sign, tell_account, tell_page
from simulator.routing import Dialect, Route

ROUTES: list[Route] = [
    *oauth.about.table,
    *subscribing.about.table,
    *(route for noun in (oauth, subscribing, pages, videos, publishing, objects) for route in noun.routes.table),
]
MANNERS = GraphManners()

FACEBOOK = Dialect(
    network="facebook",
    name="Facebook",
    prefixes=("/v26.0/",),
    manners=MANNERS,
    routes=ROUTES,
    tell=tell_page,
    sign=sign,
)
INSTAGRAM = Dialect(
    network="instagram",
    name="Instagram",
    prefixes=(),
    manners=MANNERS,
    routes=[],
    tell=tell_account,
    sign=sign,
)

__all__ = ["FACEBOOK", "INSTAGRAM"]
