"""Rows that an act holds under lock: loaded with it once, with all that belongs to them, and not asked for again."""

from __future__ import annotations

from collections.abc import Collection
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from django.db import OperationalError, connection
from django.db.models import Manager, Model, QuerySet

from organisation import audit

M = TypeVar("M", bound=Model)
OVERTAKEN = ("40P01", "40001", "55P03")  # deadlock_detected, serialization_failure, lock_not_available


_numbers = count(1)
_latest: ContextVar[tuple[Any, int]] = ContextVar("latest_lock", default=(None, 0))  # in which act, and its number


@dataclass(frozen=True)
class _Moment:
    """Where a lock was taken: in which act, inside which savepoints. Rolling one of these back gives the lock away."""

    act: Any
    savepoints: tuple[str, ...]

    def lasts(self, now: _Moment | None) -> bool:
        if now is None or now.act is not self.act:
            return False
        return now.savepoints[: len(self.savepoints)] == self.savepoints


def take(rows: QuerySet[M] | Manager[M], pk: Any) -> M:
    """The row `pk` as `rows` loads it, locked until the transaction ends.

    `organisation.actions.perform` takes a row that the present act holds as it is, and its guards read what was loaded
    with it: nobody else can change it meanwhile, and the act itself changes it through this instance alone. Outside of
    an act nobody can say until when a lock lasts: such a row is locked, and counts as not held.
    """
    return taken(locked(rows, pk))


def locked(rows: QuerySet[M] | Manager[M], pk: Any) -> M:
    """The row `pk` as `rows` loads it, locked; it counts as not held.

    Whoever waits for a lock gets the row as it is by then, beside what stood at its side before: where it leads to
    another one by now, PostgreSQL leaves it out, or says that it leads to none. So it is asked for once more.
    """
    found = rows.select_for_update(of=("self",)).filter(pk=pk)
    row = found.first()
    if row is None:
        found.model._base_manager.select_for_update().get(pk=pk)
    return found.get(pk=pk) if row is None or _is_torn(row) else row


def _is_torn(row: Model) -> bool:
    """True where a row that it leads to was not loaded with it although `rows` asks for that."""
    related = (field for field in row._meta.concrete_fields if field.is_relation)
    return any(
        row._state.fields_cache.get(field.name, row) is None and getattr(row, field.attname) is not None
        for field in related
    )


def take_all(rows: QuerySet[M] | Manager[M], pks: Collection[Any]) -> list[M]:
    """As `take`, for those that are still there; in the order of their keys, so that two acts that want the same rows
    wait for each other one way only."""
    found = rows.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    told = list(found)
    if len(told) < len({*pks}) or any(_is_torn(row) for row in told):  # as `locked` says
        list(found.model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk"))
        told = list(found.all())
    return [taken(row) for row in told]


def taken(row: M) -> M:
    """`row`, which the present act has just read, whole and under its lock: held from here on as one that it took."""
    row._locked_at = _now()  # type: ignore[attr-defined]
    row._lock_number = next_number()  # type: ignore[attr-defined]
    _latest.set((audit.current_act(), row._lock_number))  # type: ignore[attr-defined]
    return row


def next_number() -> int:
    """Higher each time: of a lock and of what is read, it tells which came later in this process."""
    return next(_numbers)


def was_overtaken(error: BaseException) -> bool:
    """True where the database ended an act because another one was in its way: they waited for each other, or one of
    them for too long. Nothing of the act is left, and it may be tried again."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "pgcode", "") in OVERTAKEN


def holds(row: Model) -> bool:
    """True while the present act holds `row` under the lock with which it was loaded."""
    taken = getattr(row, "_locked_at", None)
    return taken is not None and taken.lasts(_now())


def held_before(row: Any, number: int) -> bool:
    """True while the present act holds `row`, and did already when `number` was given out."""
    return holds(row) and number > getattr(row, "_lock_number", number)


def behind_all(number: int) -> bool:
    """True where the present act took locks here, and `number` was given out after the last of them."""
    act, latest = _latest.get()
    return act is not None and act is audit.current_act() and number > latest


def _now() -> _Moment | None:
    act = audit.current_act()
    return None if act is None else _Moment(act, tuple(connection.savepoint_ids))
