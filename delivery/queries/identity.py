"""Which database this is, and what time it says. No other clock decides anything here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True)
class Place:
    """A database: the cluster's identifier and the database's object id in it."""

    system: str
    database: int


def this_place() -> Place:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (pg_control_system()).system_identifier::text, oid FROM pg_database"
            " WHERE datname = current_database()"
        )
        system, database = cursor.fetchone()
    return Place(system, int(database))


def database_now() -> datetime:
    """Aware. Moves within a transaction, unlike now()."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now
