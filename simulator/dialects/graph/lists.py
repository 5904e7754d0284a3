"""Lists, and the cursors that lead through them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from simulator.dialects.graph.fields import Field
from simulator.dialects.graph.sight import Sight
from simulator.store import posts
from simulator.store.posts import Post

Item = TypeVar("Item")
MOST = 100


def asked(sight: Sight, name: str) -> Field:
    """What the parameters of a call say about its list, as if it had been asked for as a field."""
    from_query = ("limit", "after", "filter", "order", "summary", "metric", "period", "metric_type")
    args = {one: sight.request.text(one) for one in from_query if sight.request.text(one)}
    return Field(name, args)


def cursor(identifier: int | str) -> str:
    return base64.urlsafe_b64encode(str(identifier).encode()).decode().rstrip("=")


def opened(text: str) -> int:
    """The identifier in a cursor; 0 where it is none."""
    try:
        told = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        return 0
    return int(told) if told.isdigit() and len(told) < 19 else 0


def limit_of(wanted: Field, default: int = 25) -> int:
    return min(MOST, wanted.number("limit", default))


def sliced(
    sight: Sight,
    wanted: Field,
    found: Sequence[Item],
    *,
    key: Callable[[Item], int],
    show: Callable[[Item], Any],
    path: str,
) -> dict[str, Any]:
    """`found` is one item more than `limit`, where there is one."""
    limit = limit_of(wanted)
    shown = found[:limit]
    told: dict[str, Any] = {"data": [show(item) for item in shown]}
    if shown:
        first, last = cursor(key(shown[0])), cursor(key(shown[-1]))
        told["paging"] = {"cursors": {"before": first, "after": last}}
        kept = {name: value for name, value in wanted.args.items() if name != "after"}
        fields = {"fields": sight.request.text("fields")} if sight.request.text("fields") else {}
        base = f"{sight.site}/v26.0/{path}"
        if len(found) > limit:
            told["paging"]["next"] = f"{base}?{urlencode({**fields, **kept, 'after': last})}"
        if wanted.args.get("after"):
            told["paging"]["previous"] = f"{base}?{urlencode({**fields, **kept, 'before': first})}"
    return told


def posts_where(
    sight: Sight, condition: str, wanted: Field, *, oldest_first: bool = False, **values: int | str
) -> list[Post]:
    """One post more than is wanted, of those that meet `condition` (SQL of ours, over `p`)."""
    after = opened(wanted.args.get("after", ""))
    beyond, order = ("p.id > :after", "ASC") if oldest_first else ("p.id < :after", "DESC")
    rows = sight.simulator.db.rows(
        f"""SELECT p.id FROM posts p WHERE p.deleted_ms IS NULL AND p.created_ms <= :horizon AND {beyond}
            AND {condition} ORDER BY p.id {order} LIMIT :limit""",  # noqa: S608 - conditions are written here
        {
            **values,
            "after": after or (0 if oldest_first else 2**63 - 1),
            "horizon": sight.horizon,
            "limit": limit_of(wanted) + 1,
        },
    )
    found = (posts.by_id(sight.simulator.db, row["id"], sight.person.id) for row in rows)
    return [post for post in found if post]


BELOW = """p.id IN (WITH RECURSIVE below(id) AS (SELECT id FROM posts WHERE reply_to = :root UNION ALL
    SELECT q.id FROM posts q JOIN below ON q.reply_to = below.id) SELECT id FROM below)"""
DIRECTLY = "p.reply_to = :root"
