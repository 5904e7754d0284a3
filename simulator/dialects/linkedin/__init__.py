"""LinkedIn's REST API for the pages of organisations, as far as a public service needs it.

No recorded answers exist: names, types and errors follow the public documentation. An organisation on the square is a
page, and administers itself; citizens are members, who write on the square's own pages.
"""

from simulator.dialects.linkedin import (
    comments,
    media,
    notifications,
    oauth,
    organizations,
    posts,
    sites,
    subscribing,
    webhooks,
)
from simulator.dialects.linkedin.manners import LinkedInManners
from simulator.routing import Dialect, Route

ROUTES: list[Route] = [
    route for noun in (posts, comments, media, notifications, organizations, subscribing) for route in noun.routes.table
] + [route for noun in (oauth, sites) for route in noun.about.table]

DIALECT = Dialect(
    network="linkedin",
    name="LinkedIn",
    prefixes=("/rest/", "/v2/", "/dms-uploads/", "/oauth/v2/accessToken", "/oauth/v2/revoke"),
    manners=LinkedInManners(),
    routes=ROUTES,
    tell=webhooks.tell,
    sign=webhooks.sign,
)
