"""Pages of a list by keyset: the thousandth is as quick as the first, and nothing is skipped while rows come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """`previous` and `next` are cursors in the list's own order; empty where nothing more is that way."""

    rows: list[M]
    previous: str = ""
    next: str = ""


@dataclass(frozen=True)
class Keyset:
    """Rows by the moment in the field `moment`, the newest first unless said otherwise, then by their key."""

    moment: str
    size: int
    newest_first: bool = True

    def page(self, rows: QuerySet[M], cursor: str = "") -> Page[M]:
        """The page at `cursor`, as an earlier page gave it; the first one where it makes no sense."""
        place = _read(cursor)
        backwards = place is not None and cursor.startswith("previous:")
        descending = self.newest_first != backwards
        found = rows if place is None else rows.filter(self._beyond(place, descending=descending))
        sign = "-" if descending else ""
        got = list(found.order_by(f"{sign}{self.moment}", f"{sign}pk")[: self.size + 1])
        more, got = len(got) > self.size, got[: self.size]
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

    def _beyond(self, place: tuple[datetime, int], *, descending: bool) -> Q:
        moment, pk = place
        way = "lt" if descending else "gt"
        return Q(**{f"{self.moment}__{way}": moment}) | Q(**{self.moment: moment, f"pk__{way}": pk})

    def _write(self, way: str, row: Model) -> str:
        moment: Any = row
        for part in self.moment.split("__"):
            moment = getattr(moment, part)
        return f"{way}:{moment.isoformat()}:{row.pk}"


def _read(cursor: str) -> tuple[datetime, int] | None:
    way, _, rest = cursor.partition(":")
    moment, _, pk = rest.rpartition(":")
    if way not in ("previous", "next") or not pk.isdecimal() or len(pk) > 18:
        return None
    try:
        read = datetime.fromisoformat(moment.replace(" ", "+"))
        return (read.astimezone(UTC), int(pk)) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None
