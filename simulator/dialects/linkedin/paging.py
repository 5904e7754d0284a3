"""Lists by place: `start` and `count`."""

from __future__ import annotations

from simulator.exchange import Request

MOST = 100


def slice_of(request: Request, *, default: int = 10) -> tuple[int, int]:
    """Where the caller wants to begin, and how much they get at most."""
    start, count = request.number("start"), request.number("count")
    return max(0, start or 0), min(MOST, max(1, default if count is None else count))


def answer(request: Request, elements: list[object], total: int) -> dict[str, object]:
    start, count = slice_of(request)
    return {"paging": {"start": start, "count": count, "links": [], "total": total}, "elements": elements}
