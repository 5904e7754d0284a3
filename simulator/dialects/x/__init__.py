"""The API of X, version 2, as far as a public service needs it.

Names, types and rate headers follow recorded answers; what was never recorded, the public documentation. One thing is
simpler than there: an edited message keeps its id, where X gives it a new one and a history.
"""

from simulator.dialects.x import listening, media, oauth, sites, timelines, tweets, users
from simulator.dialects.x.manners import XManners
from simulator.routing import Dialect, Route

ROUTES: list[Route] = [route for noun in (timelines, tweets, users, media) for route in noun.routes.table] + [
    route for noun in (oauth, sites) for route in noun.about.table
]

DIALECT = Dialect(
    network="x",
    name="X",
    prefixes=("/2/",),
    manners=XManners(),
    routes=ROUTES,
    tell=listening.tell,
    sign=listening.sign,
)
