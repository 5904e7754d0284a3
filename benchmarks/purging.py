"""Messages whose day is over, from the first lock to the last event, beside the server alone deleting as many."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from benchmarks.figures import Figure, Section
from benchmarks.ingest import Service
from benchmarks.processors import busy
from monitoring.actions import purge_expired
from monitoring.models import Mention

OVER, STORED = 10_000, (100_000, 1_000_000)
# The same rows of the same tables, as nobody's concern.
BARE = (
    "CREATE TEMP TABLE going AS SELECT id, item_id FROM monitoring_mention ORDER BY id LIMIT %s",
    "DELETE FROM conversations_inboundmessage WHERE mention_id IN (SELECT id FROM going)",
    "DELETE FROM monitoring_mention WHERE id IN (SELECT id FROM going)",
    "DELETE FROM monitoring_item WHERE id IN (SELECT item_id FROM going)",
    "DROP TABLE going",
)


def measure(*, small: bool) -> Section:
    over, stored = (1_000, (10_000, 100_000)) if small else (OVER, STORED)
    service, figures, have = Service(), [], 0
    for many in stored:
        service.fill(have, many)
        have = many
        figures += _purged(over, f"{many:,} stored")
    told = (
        f"{over:,} messages whose last day is over, the oldest, each in a conversation of its own; one in fifty of "
        "these still waits for an answer, and stays. By one worker, two hundred a transaction, with what is remembered "
        "of each and an event a conversation. The limit is the server alone, deleting as many of the same rows."
    )
    return Section("Purging", told, figures)


def _purged(over: int, what: str) -> list[Figure]:
    ids = list(Mention.objects.order_by("pk").values_list("pk", flat=True)[:over])
    Mention.objects.filter(pk__in=ids).update(purge_after=timezone.localdate() - timedelta(days=1))
    began, begun = time.perf_counter(), busy()
    erased = purge_expired()
    worked, took = busy() - begun, time.perf_counter() - began
    Mention.objects.filter(pk__in=ids).update(purge_after=timezone.localdate() + timedelta(days=1))
    bare = _bare(erased)
    return [
        Figure(f"{what}: messages a second", erased / took, "a second"),
        Figure(f"{what}: messages a second of processors' time", erased / worked, "a second"),
        Figure(f"{what}: each message", took / erased * 1e6, "µs", bare / erased * 1e6),
    ]


def _bare(count: int) -> float:
    """Seconds in which the server deletes so many by itself."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for statement in BARE:
            cursor.execute(statement, [count] if "%s" in statement else None)
    return time.perf_counter() - began
