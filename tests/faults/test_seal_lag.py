"""How long an event waits for its seal, with a real clockwork and worker, while sixteen writers append."""

from __future__ import annotations

import os
import random
import threading
from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from organisation.actions import change_language
from organisation.models import AuditCheckpoint, AuditEvent, AuditLeaf, Person
from tests.factories.organisation import PersonFactory
from tests.faults.crew import Broker, Crew, wait_until

pytestmark = pytest.mark.faults
WRITERS = 16
SECONDS = 60 if os.environ.get("PARVIS_FAULTS") == "full" else 10
TICK = settings.CELERY_BEAT_SCHEDULE["seal-the-trail"]["schedule"]


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_are_sealed_within_a_few_ticks(broker: Broker, tmp_path: Path) -> None:
    people = [PersonFactory.create() for _one in range(WRITERS)]
    environment = {"PARVIS_BROKER_URL": broker.url, "PARVIS_AUDIT_CHECKPOINTS": str(tmp_path / "kept")}
    crew = Crew(tmp_path, environment, app="tests.faults.sealer")
    try:
        crew.worker()
        crew.clockwork()
        change_language(person=people[0], language="nl")
        wait_until(lambda: crew.well() and AuditLeaf.objects.exists(), "the first seal", seconds=120)
        first = AuditEvent.objects.count()
        over = threading.Event()
        with ThreadPoolExecutor(WRITERS) as pool:
            writers = [pool.submit(write, person, over) for person in people]
            over.wait(SECONDS)
            over.set()
            written = sum(writer.result(60) for writer in writers)
        wait_until(lambda: crew.well() and AuditLeaf.objects.count() == first + written, "all is sealed", seconds=60)
    finally:
        crew.end()
    lags = sorted(lags_of(first))
    half, most, worst = (lags[int(len(lags) * part)] for part in (0.5, 0.99, 0.9999))
    print(f"{written} events of {WRITERS} writers: half sealed in {half:.2f} s, 99 % in {most:.2f}, all in {worst:.2f}")
    assert half <= 2 * TICK
    assert most <= 5 * TICK


def write(person: Person, over: threading.Event) -> int:
    chance, written = random.Random(person.pk), 0
    try:
        while not over.is_set():
            change_language(person=person, language=["fr", "nl"][written % 2])
            written += 1
            over.wait(chance.random() / 5)
    finally:
        connection.close()
    return written


def lags_of(first: int) -> list[float]:
    """Seconds from each event to the checkpoint that covers it, by the database's own clock for both."""
    stands = sorted((row.size, row.taken_at) for row in AuditCheckpoint.objects.all())
    sizes = [size for size, _taken in stands]
    moments = dict(AuditEvent.objects.values_list("sequence", "occurred_at"))
    places = AuditLeaf.objects.filter(position__gte=first).values_list("position", "sequence")
    return [(stands[bisect_right(sizes, place)][1] - moments[number]).total_seconds() for place, number in places]
