"""Queries of the busiest paths, built and compiled once and then only filled in.

To build and to compile a query costs Django several times what it costs to run it (docs/adr/0022-sending-fast.md). A
prepared one is written like any other, with a `Slot` where each call brings a value of its own.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, Expression, Field, Model, QuerySet
from psycopg2.extensions import AsIs

from organisation.kept_statements import are_kept, keeps, place

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")


class Slot(Expression):
    """A value of this name, as the database takes it for `field`; behind `__in`, `numbers` or `paths`."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


def numbers(ids: Iterable[int]) -> AsIs | int:
    """Any of these ids. The database is asked for at least one: no row is called 0."""
    told = list(map(int, ids)) or [0]
    return told[0] if len(told) == 1 else AsIs(", ".join(map(str, told)))


def paths(of_units: Iterable[str]) -> AsIs | str:
    """Any of these paths of units, which are letters and digits. No unit's is empty. ValueError for anything else."""
    told = sorted(set(of_units))
    if not all(path.isascii() and path.isalnum() for path in told):
        raise ValueError(f"one of {told} is no unit's path")
    return told[0] if len(told) == 1 else AsIs(", ".join(f"'{path}'" for path in told) or "''")


class Prepared(Generic[M, Row]):
    """`rows`, whatever its slots hold. What else it was built from is in it for good: settings, registers, a limit.

    `like` is another of the same kind of rows, with other conditions: what takes most room is then shared with it.
    Within `kept_statements.by_the_server` the server keeps it too, wherever each slot holds one value.
    """

    def __init__(self, rows: QuerySet[M, Row], *, like: Prepared[M, Row] | None = None) -> None:
        self._rows = rows
        self._name = f"parvis_{next(_names)}"
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, self._params = self._compiler.as_sql()
        if like is not None and _columns(like._sql) == _columns(self._sql):
            self._rows, self._compiler = like._rows, like._compiler

    def __call__(self, **values: Any) -> list[Row]:
        """What it finds now, as the queryset itself would give it."""
        rows = self._rows._chain()  # type: ignore[attr-defined]
        compiler = self._filled(values)
        rows.query.get_compiler = lambda *_where, **_how: compiler
        return list(rows)

    def _filled(self, values: dict[str, Any]) -> Any:
        compiler = copy.copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        asked = self._kept(compiler.connection, values) or (
            self._sql,
            tuple(values[one.name] if isinstance(one, Slot) else one for one in self._params),
        )
        compiler.as_sql = lambda *_with, **_more: asked
        return compiler

    def _kept(self, connection: Any, values: dict[str, Any]) -> tuple[str, Sequence[Any]] | None:
        """The words that run what the server keeps; None where it keeps nothing, or a slot holds several values."""
        if not are_kept() or any(isinstance(value, AsIs) for value in values.values()):
            return None
        slots = list(dict.fromkeys(one for one in self._params if isinstance(one, Slot)))
        places = {slot: place(number) for number, slot in enumerate(slots, 1)}
        params = [places[one] if isinstance(one, Slot) else one for one in self._params]
        types = [str(slot.output_field.db_type(connection)) for slot in slots]
        if not keeps(connection, self._name, self._sql, params, types):
            return None
        brought = f" ({', '.join(['%s'] * len(slots))})" if slots else ""
        return f"EXECUTE {self._name}{brought}", [values[slot.name] for slot in slots]

    def replace(self, stand_in: int, name: str) -> None:
        """From now on a slot of this name stands where `stand_in` did. ValueError where it stands within anything."""
        slot = Slot(name, BigIntegerField())
        self._name = f"parvis_{next(_names)}"
        self._params = tuple(slot if type(one) is int and one == stand_in else one for one in self._params)
        if any(str(stand_in) in repr(one) for one in (self._sql, *self._params)):
            raise ValueError(f"{stand_in} stands within a value or the query itself, where none can be filled in")


_names = count(1)


def _columns(sql: str) -> str:
    return sql.partition(" FROM ")[0]
