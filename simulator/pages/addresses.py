"""Every page's routes in one."""

from simulator.pages import assets, changing, faultlist, floodlist, mannerlist, notices, pace, timeline
from simulator.routing import Route

ROUTES: list[Route] = [
    route
    for page in (assets, changing, faultlist, floodlist, mannerlist, notices, pace, timeline)
    for route in page.routes.table
]
