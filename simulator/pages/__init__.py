"""The square as a person sees it, and the page of faults. Works without JavaScript; nothing comes from elsewhere."""

from simulator.pages import assets, faultlist, timeline
from simulator.pages.html import missing
from simulator.routing import Route

ROUTES: list[Route] = [*assets.routes.table, *faultlist.routes.table, *timeline.routes.table]

__all__ = ["ROUTES", "missing"]
