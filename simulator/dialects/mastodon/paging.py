"""Lists by identifier, and the Link header that leads through them."""

from __future__ import annotations

from urllib.parse import urlencode

from simulator.exchange import Request
from simulator.store.database import now_ms
from simulator.store.posts import Window


def window(request: Request, *, default: int, most: int) -> Window:
    """The slice that the caller asks for."""
    limit = request.number("limit")
    return Window(
        limit=min(most, max(1, default if limit is None else limit)),
        max_id=request.number("max_id"),
        since_id=request.number("since_id"),
        min_id=request.number("min_id"),
        until_ms=horizon(request),
        network="mastodon",
    )


def horizon(request: Request) -> int | None:
    """The youngest moment that a lagging list shows; None where it does not lag."""
    return now_ms() - request.lag_ms if request.lag_ms else None


def links(request: Request, identifiers: list[int], *, more: bool) -> dict[str, str]:
    """The Link header: `next` towards the past where there may be more, `prev` towards the present."""
    if not identifiers:
        return {}
    kept = [
        (f"{name}[]" if name in {"types", "exclude_types"} else name, value)
        for name, values in request.fields.items()
        if name not in {"max_id", "since_id", "min_id"}
        for value in values
    ]
    ways = [("next", "max_id", min(identifiers))] if more else []
    ways.append(("prev", "min_id", max(identifiers)))
    parts = [
        f'<{request.base_url}{request.path}?{urlencode([*kept, (name, identifier)])}>; rel="{way}"'
        for way, name, identifier in ways
    ]
    return {"Link": ", ".join(parts)}
