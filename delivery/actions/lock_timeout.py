"""Whoever changes a message locks it first and its deliveries after. Where it is the other way round, in short."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PATIENCE = "200ms"  # shorter than PostgreSQL waits before it looks for a deadlock


@contextmanager
def short_lock_timeout() -> Iterator[None]:
    """For who holds a delivery and needs its message: they must not wait long for somebody who holds that, and may be
    waiting for them. OperationalError where it takes longer (`organisation.locks.was_overtaken`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)", [PATIENCE])
        (usual, _new) = cursor.fetchone()
        yield
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])
