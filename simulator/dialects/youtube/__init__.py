"""The YouTube Data API, version 3, as far as a public service needs it, and Google's sign-in before it.

Names, types and errors follow recorded answers. It calls nobody: the real network has no webhooks for comments.
"""

from simulator.dialects.youtube import channels, comments, oauth, videos
from simulator.dialects.youtube.manners import YoutubeManners
from simulator.routing import Dialect, Route

ROUTES: list[Route] = [route for noun in (videos, comments, channels) for route in noun.routes.table] + [
    route for noun in (oauth, channels) for route in noun.about.table
]

DIALECT = Dialect(
    network="youtube",
    name="YouTube",
    prefixes=("/youtube/v3/", "/upload/youtube/", "/o/oauth2/", "/token", "/revoke"),
    manners=YoutubeManners(),
    routes=ROUTES,
)
