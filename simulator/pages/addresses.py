"""Every page's routes in one."""

from simulator.pages import assets, faultlist, timeline
from simulator.routing import Route

ROUTES: list[Route] = [*assets.routes.table, *faultlist.routes.table, *timeline.routes.table]
