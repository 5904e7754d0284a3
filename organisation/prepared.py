"""Queries of the busiest paths, built and compiled once and then only filled in.

To build and to compile a query costs Django several times what it costs to run it (docs/adr/0022-sending-fast.md). A
prepared one is written like any other, with a `Slot` where each call brings a value of its own.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model, QuerySet
from psycopg2.extensions import AsIs

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")


class Slot(Expression):
    """A value of this name, as the database takes it for `field`; `numbers` where it stands behind `__in`."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


def numbers(ids: Iterable[int]) -> AsIs:
    """Any of these ids. The database is asked for at least one: no row is called 0."""
    return AsIs(", ".join(map(str, map(int, ids))) or "0")


class Prepared(Generic[M, Row]):
    """`rows`, whatever its slots hold. What else it was built from is in it for good: settings, registers, a limit."""

    def __init__(self, rows: QuerySet[M, Row]) -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, self._params = self._compiler.as_sql()

    def __call__(self, **values: Any) -> list[Row]:
        """What it finds now, as the queryset itself would give it."""
        rows = self._rows._chain()  # type: ignore[attr-defined]
        compiler = self._filled(values)
        rows.query.get_compiler = lambda *_where, **_how: compiler
        return list(rows)

    def _filled(self, values: dict[str, Any]) -> Any:
        params = tuple(values[one.name] if isinstance(one, Slot) else one for one in self._params)
        compiler = copy.copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_with, **_more: (self._sql, params)
        return compiler
