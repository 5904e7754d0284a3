"""The list of posts, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Prefetch, Q, QuerySet

from delivery.models import Delivery
from publishing.models import Post, Variant
from publishing.queries.posts import deliveries_by_post
from publishing.queries.progress import Progress, progress

SIZE = 30


@dataclass(frozen=True)
class Row:
    post: Post
    progress: Progress
    deliveries: list[Delivery]


@dataclass(frozen=True)
class Page:
    """Newest first. `newer` and `older` are cursors; empty where there is nothing more that way."""

    rows: list[Row]
    newer: str = ""
    older: str = ""


def page_of(posts: QuerySet[Post], cursor: str = "") -> Page:
    """The page at `cursor` ("older:…" or "newer:…", as an earlier page gave it); the first where it makes no sense."""
    place = _read(cursor)
    backwards = place is not None and cursor.startswith("newer:")
    order = ("changed_at", "pk") if backwards else ("-changed_at", "-pk")
    found = posts if place is None else posts.filter(_beyond(place, newer=backwards))
    variants = Variant.objects.select_related("account").order_by("account_id", "language")
    got = list(found.prefetch_related(Prefetch("variants", variants)).order_by(*order)[: SIZE + 1])
    more, got = len(got) > SIZE, got[:SIZE]
    if backwards:
        got.reverse()
    if not got:
        return Page([])
    has_newer = more if backwards else place is not None
    has_older = True if backwards else more
    return Page(_rows(got), _write("newer", got[0]) if has_newer else "", _write("older", got[-1]) if has_older else "")


def _rows(posts: list[Post]) -> list[Row]:
    deliveries = deliveries_by_post(posts)
    return [Row(post, progress(post, deliveries.get(post.pk, [])), deliveries.get(post.pk, [])) for post in posts]


def _beyond(place: tuple[datetime, int], *, newer: bool) -> Q:
    moment, pk = place
    if newer:
        return Q(changed_at__gt=moment) | Q(changed_at=moment, pk__gt=pk)
    return Q(changed_at__lt=moment) | Q(changed_at=moment, pk__lt=pk)


def _write(way: str, post: Post) -> str:
    return f"{way}:{post.changed_at.isoformat()}:{post.pk}"


def _read(cursor: str) -> tuple[datetime, int] | None:
    way, _, rest = cursor.partition(":")
    moment, _, pk = rest.rpartition(":")
    if way not in ("older", "newer") or not pk.isdecimal() or len(pk) > 18:
        return None
    try:
        read = datetime.fromisoformat(moment.replace(" ", "+"))
        return (read.astimezone(UTC), int(pk)) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None
