"""Lists newest first, in pages that a token leads through, between two moments."""

from __future__ import annotations

from datetime import datetime

from simulator.dialects.x import entities, errors
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Simulator
from simulator.store.database import now_ms
from simulator.store.posts import Post, Window

TOKEN = "7140dibdnow9c7btw"  # noqa: S105 - how X's page tokens begin; what follows is ours
ID_BITS = 16


def window(request: Request, *, least: int, token: str = "pagination_token") -> Window:  # noqa: S107 - a name
    """The slice that the caller asks for."""
    limit = request.number("max_results") if "max_results" in request.fields else 10
    if limit is None or not least <= limit <= 100:
        raise errors.invalid("max_results", request.text("max_results"), f"max_results must be between {least} and 100")
    floors = [request.number("since_id") or 0]
    if request.text("start_time"):
        floors.append((moment(request, "start_time") << ID_BITS) - 1)
    return Window(
        limit=limit,
        max_id=_place(request, token) or request.number("until_id"),
        since_id=max(floors),
        until_ms=now_ms() - request.lag_ms if request.lag_ms else None,
        network="x",
    )


def moment(request: Request, name: str) -> int:
    """Milliseconds since 1970."""
    given = request.text(name)
    try:
        return int(datetime.fromisoformat(given).timestamp() * 1000)
    except ValueError:
        raise errors.invalid(name, given, f"The `{name}` query parameter value [{given}] is not valid") from None


def _place(request: Request, name: str) -> int | None:
    given = request.text(name)
    if not given:
        return None
    if not given.startswith(TOKEN) or not given[len(TOKEN) :].isalnum():
        raise errors.invalid(name, given, f"The `{name}` query parameter value [{given}] is not valid")
    return int(given[len(TOKEN) :], 36)


def page(simulator: Simulator, found: list[Post], request: Request, asked: Window) -> Answer:
    """The list with its authors, and the token of the next page where there may be one."""
    meta: entities.Json = {"result_count": len(found)}
    if found:
        meta |= {"newest_id": str(found[0].id), "oldest_id": str(found[-1].id)}
    if len(found) == asked.limit:
        meta["next_token"] = TOKEN + _base36(found[-1].id)
    told: entities.Json = {"data": [entities.tweet(simulator, post, request) for post in found]} if found else {}
    return json_answer(told | entities.includes(simulator, found, request) | {"meta": meta})


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"
