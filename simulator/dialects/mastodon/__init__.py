"""The Mastodon client API, version 4.6, as far as a public service needs it.

Names, types and errors follow recorded answers of a real server.
"""

from simulator.dialects.mastodon import accounts, instance, media, notifications, oauth, search, statuses, timelines
from simulator.dialects.mastodon.manners import MastodonManners
from simulator.routing import Dialect, Route

ROUTES: list[Route] = [
    route
    for noun in (statuses, media, notifications, search, accounts, timelines, instance, oauth)
    for route in noun.routes.table
] + [route for noun in (instance, oauth) for route in noun.about.table]

DIALECT = Dialect(
    network="mastodon",
    name="Mastodon",
    prefixes=("/api/", "/oauth/token", "/oauth/revoke"),
    manners=MastodonManners(),
    routes=ROUTES,
)
