"""What time the database says. No other clock decides anything."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from django.db import connection
from django.utils import timezone


def database_now() -> datetime:
    """Aware. Moves within a transaction, unlike now()."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    found: datetime = now
    return found


def database_today(zone: tzinfo | None = None) -> date:
    """The day of this moment in `zone`; without one, in the zone of whoever is at work."""
    return timezone.localdate(database_now(), timezone=zone)
