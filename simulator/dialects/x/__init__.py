"""The API of X, version 2, as far as a public service needs it.

Names, types and rate headers follow recorded answers; what was never recorded, the public documentation. As there, an
edited message has a new id; its old one, however, shows the new words too, for the store keeps no others.
"""

from simulator.dialects.x import listening, media, oauth, sites, subscribing, timelines, tweets, users
from simulator.dialects.x.manners import XManners
from simulator.routing import Dialect, Route

ROUTES: list[Route] = [
    route for noun in (timelines, tweets, users, media, subscribing) for route in noun.routes.table
] + [route for noun in (oauth, sites) for route in noun.about.table]

DIALECT = Dialect(
    network="x",
    name="X",
    prefixes=("/2/",),
    manners=XManners(),
    routes=ROUTES,
    tell=listening.tell,
    sign=listening.sign,
)
