"""Pages of a list by keyset: the thousandth is as quick as the first, and nothing is skipped while rows come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, Model, OuterRef, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """`previous` and `next` are cursors in the list's own order; empty where nothing more is that way."""

    rows: list[M]
    previous: str = ""
    next: str = ""


@dataclass(frozen=True)
class Parts:
    """Rows that belong to one of `owners` each, by their foreign key `field`: conversations to units, say."""

    owners: QuerySet[Any]
    field: str

    def first(self, rows: QuerySet[M], count: int) -> QuerySet[Any, Any]:
        """Keys of the first `count` of the ordered `rows` of each owner."""
        own = rows.select_related(None).filter(**{self.field: OuterRef("pk")}).values("pk")[:count]
        return self.owners.order_by().values_list(Func(ArraySubquery(own), function="unnest"), flat=True)


class KeysFirst:
    """Rows that are found otherwise than in the list's order: their keys alone are sorted, a page of rows is read."""

    def first(self, rows: QuerySet[M], count: int) -> QuerySet[Any, Any]:
        """Keys of the first `count` of the ordered `rows`."""
        return rows.select_related(None).values("pk")[:count]


@dataclass(frozen=True)
class Keyset:
    """Rows by the moment in the field `moment`, the newest first unless said otherwise, then by their key; with no such
    field, by their key alone."""

    moment: str
    size: int
    newest_first: bool = True

    def knows(self, cursor: str) -> bool:
        """Whether `cursor` is one that a page of such a list may have given."""
        return _read(cursor, with_moment=bool(self.moment)) is not None

    def page(self, rows: QuerySet[M], cursor: str = "", *, parts: Parts | KeysFirst | None = None) -> Page[M]:
        """The page at `cursor`, as an earlier page gave it; the first one where it makes no sense.

        With `parts`, only rows of these are looked at: the first ones of each, by an index that begins with the part.
        However many rows there are in all, no more than a page of each part is read.
        """
        return self.page_of(list(self.asked(rows, cursor, parts=parts)), cursor)

    def asked(self, rows: QuerySet[M], cursor: str = "", *, parts: Parts | KeysFirst | None = None) -> QuerySet[M]:
        """The rows that `page_of` makes the page at `cursor` of: one more than it shows."""
        place = _read(cursor, with_moment=bool(self.moment))
        backwards = place is not None and cursor.startswith("previous:")
        descending = self.newest_first != backwards
        found = rows if place is None else rows.filter(self._beyond(place, descending=descending))
        sign = "-" if descending else ""
        order = [f"{sign}{self.moment}", f"{sign}pk"] if self.moment else [f"{sign}pk"]
        if parts is not None:
            found = rows.filter(pk__in=parts.first(found.order_by(*order), self.size + 1))
        return found.order_by(*order)[: self.size + 1]

    def page_of(self, found: list[M], cursor: str = "") -> Page[M]:
        """The page at `cursor`, of the rows that `asked` found there."""
        place = _read(cursor, with_moment=bool(self.moment))
        backwards = place is not None and cursor.startswith("previous:")
        more, got = len(found) > self.size, found[: self.size]
        if backwards:
            got.reverse()
        if not got:
            return Page([])
        has_previous = more if backwards else place is not None
        has_next = backwards or more
        return Page(
            got,
            self._write("previous", got[0]) if has_previous else "",
            self._write("next", got[-1]) if has_next else "",
        )

    def _beyond(self, place: tuple[datetime | None, int], *, descending: bool) -> Q:
        """The bound on the moment alone says nothing new, but by it an index is entered at the place."""
        moment, pk = place
        way = "lt" if descending else "gt"
        if not self.moment:
            return Q(**{f"pk__{way}": pk})
        further = Q(**{f"{self.moment}__{way}": moment}) | Q(**{f"pk__{way}": pk})
        return Q(**{f"{self.moment}__{way}e": moment}) & further

    def _write(self, way: str, row: Model) -> str:
        moment: Any = row
        for part in self.moment.split("__") if self.moment else ():
            moment = getattr(moment, part)
        return f"{way}:{moment.isoformat() if self.moment else ''}:{row.pk}"


def _read(cursor: str, *, with_moment: bool) -> tuple[datetime | None, int] | None:
    way, _, rest = cursor.partition(":")
    moment, _, pk = rest.rpartition(":")
    if way not in ("previous", "next") or not pk.isdecimal() or len(pk) > 18 or bool(moment) != with_moment:
        return None
    try:
        if not with_moment:
            return None, int(pk)
        read = datetime.fromisoformat(moment.replace(" ", "+"))
        return (read.astimezone(UTC), int(pk)) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None
