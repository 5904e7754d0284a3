"""Statements that the database's server keeps for a connection, so that it does not plan them each time.

A statement of a send was planned for longer than it ran (docs/adr/0022-sending-fast.md). The server makes a plan for
each of the first five sets of values, and from then on one for all, where that costs no more; it plans anew when a
table's statistics or columns change. What is kept ends with its connection, and nothing of it is part of a transaction.
It pays for a thread that asks the same many times over a connection that soon ends: where one lasts, plans grow old.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import extensions
from psycopg2.extensions import AsIs

# Names that the server at the other end of a connection keeps; None where that is no server but a pooler, which may
# have another server do the next statement.
_kept: WeakKeyDictionary[extensions.connection, set[str] | None] = WeakKeyDictionary()
_are_kept: ContextVar[bool] = ContextVar("_are_kept", default=False)


@contextmanager
def by_the_server() -> Iterator[None]:
    """Within, what this thread asks by a `Prepared` is kept by the server of its connection."""
    before = _are_kept.set(True)
    try:
        yield
    finally:
        _are_kept.reset(before)


def are_kept() -> bool:
    return _are_kept.get()


def keeps(connection: BaseDatabaseWrapper, name: str, sql: str, params: Sequence[Any], types: Sequence[str]) -> bool:
    """Has the server of `connection` keep `sql` as `name`, once; False where it cannot be relied on to.

    `params`: a value for each `%s`, or `place(1)` for what a call brings; `types`: of these places, in order.
    """
    connection.ensure_connection()
    raw: extensions.connection = connection.connection
    with connection.wrap_database_errors, raw.cursor() as cursor:
        if raw not in _kept:
            _kept[raw] = set() if _is_the_server_itself(raw, cursor) else None
        names = _kept[raw]
        if names is not None and name not in names:
            body = cursor.mogrify(sql, params).decode()
            of = f" ({', '.join(types)})" if types else ""
            cursor.execute(f"PREPARE {name}{of} AS {body}")
            names.add(name)
    return names is not None


def _is_the_server_itself(raw: extensions.connection, cursor: Any) -> bool:
    """The process that answers is the one that the connection was made to."""
    cursor.execute("SELECT pg_backend_pid()")
    return bool(cursor.fetchone() == (raw.info.backend_pid,))


def place(number: int) -> AsIs:
    """Where the value stands that a call brings as its first, second, …"""
    return AsIs(f"${number}")
