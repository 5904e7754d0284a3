"""The audit trail while sixteen writers append to it, and its seal beside them."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from bisect import bisect_right
from collections.abc import Sequence
from subprocess import PIPE, Popen

from django.db import connection

from benchmarks.figures import Figure, Section
from benchmarks.service import Service
from organisation.actions import seal_all
from organisation.models import AuditCheckpoint, AuditEvent, AuditLeaf
from tests.factories.organisation import PersonFactory

WRITERS, PROCESSES, TICK, AIM = 16, 4, 1.0, 1_000
FILL = """
INSERT INTO organisation_auditevent (actor_id, actor_name, verb, noun, object_id, unit_id, details)
SELECT n %% 50, 'Zoë ' || n %% 50, 'post.edit', 'publishing.post', n::text, n %% 9,
       jsonb_build_object('from', 'draft', 'to', 'in_review', 'fields', jsonb_build_array('text', 'link'), 'n', n)
FROM generate_series(1, %s) AS n
"""


def measure(*, small: bool) -> Section:
    service = Service(accounts=0)
    for _each in range(WRITERS):
        PersonFactory.create(unit=service.unit)
    seconds, many = (2.0, 2_000) if small else (10.0, 50_000)
    figures = written(seconds, "empty")
    sealed = filled(many)
    figures += written(seconds, f"with {many:,} more events in it")
    figures.append(Figure("sealed at one go, events a second", sealed, ""))
    words = (
        f"{WRITERS} writers in {PROCESSES} processes; each act is a transaction of one event, written as every act of "
        "Parvis writes its own. The limit is the same row, inserted by hand. For the seal they keep to the aim, and "
        "a sealer looks each second, as the clockwork has it."
    )
    return Section("Audit trail", words, figures)


def written(seconds: float, stand: str) -> list[Figure]:
    bare = appended(seconds / 2, "bare")
    full = appended(seconds / 2, "act")
    seal_all()
    first = AuditEvent.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    over = threading.Event()
    sealer = threading.Thread(target=seal_until, args=(over,))
    sealer.start()
    paced = appended(seconds, "act", AIM / WRITERS)
    over.set()
    sealer.join()
    half, most = (statistics.quantiles(lags_after(first), n=100)[share - 1] for share in (50, 99))
    return [
        Figure(f"an act, {stand}", 1000 / full, "ms", 1000 / bare),
        Figure("acts a second, as fast as they can", full, "", aim=f"≥ {AIM:,}"),
        Figure(f"acts a second, held to {AIM:,}", paced, ""),
        Figure("of these, half have their seal after", half, "s"),
        Figure("of these, 99 in 100 have it after", most, "s"),
    ]


def appended(seconds: float, kind: str, pace: float = 0) -> float:
    """Events a second, by all writers together; `pace`: by each of them at most."""
    command = [sys.executable, "-m", "benchmarks.writer", str(WRITERS // PROCESSES), str(seconds), kind, str(pace)]
    writers = [Popen(command, stdin=PIPE, stdout=PIPE, text=True) for _each in range(PROCESSES)]
    for one in writers:
        said(one)
    for one in writers:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    return sum(int(said(one)) for one in writers) / seconds


def said(writer: Popen[str]) -> str:
    assert writer.stdout
    return writer.stdout.readline()


def seal_until(over: threading.Event) -> None:
    try:
        while not over.wait(TICK):
            seal_all()
        seal_all()
    finally:
        connection.close()


def filled(many: int) -> float:
    """Fills the trail, and seals it: how many a second."""
    with connection.cursor() as cursor:
        cursor.execute(FILL, [many])
    began = time.monotonic()
    sealed = seal_all()
    return sealed / (time.monotonic() - began)


def lags_after(first: int) -> Sequence[float]:
    """Seconds from each event numbered above `first` to the checkpoint that covers it, by the database's clock."""
    stands = sorted((row.size, row.taken_at) for row in AuditCheckpoint.objects.all())
    sizes = [size for size, _taken in stands]
    moments = dict(AuditEvent.objects.filter(sequence__gt=first).values_list("sequence", "occurred_at"))
    places = AuditLeaf.objects.filter(sequence__gt=first).values_list("position", "sequence")
    return [(stands[bisect_right(sizes, place)][1] - moments[number]).total_seconds() for place, number in places]
