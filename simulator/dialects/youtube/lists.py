"""How much of a list a caller asks for."""

from __future__ import annotations

from simulator.dialects.youtube import ids
from simulator.dialects.youtube.manners import refused
from simulator.dialects.youtube.threads import Slice
from simulator.exchange import Request
from simulator.store.database import now_ms
from simulator.store.posts import Post


def part_of(request: Request, *, default: int, most: int) -> Slice:
    """One more than is shown, so that it is known whether there is a next page."""
    asked = request.number("maxResults")
    size = default if asked is None else asked
    if not 0 < size <= most:
        raise refused(400, "invalidValue", f"Invalid value '{size}'. Values must be within the range: [1, {most}]")
    before = None
    if request.text("pageToken"):
        before = ids.before(request.text("pageToken"))
        if before is None:
            raise refused(400, "invalidPageToken", "The specified page token is invalid.")
    return Slice(size + 1, before, now_ms() - request.lag_ms if request.lag_ms else None)


def page(found: list[Post], part: Slice) -> tuple[list[Post], str]:
    """What is shown of `found`, and the token of the page behind it."""
    shown = found[: part.most - 1]
    return shown, ids.page_token(shown[-1].id) if len(found) > len(shown) and shown else ""
