"""A process whose threads do acts that write one audit event each, from a word on its standard input on.

`python -m benchmarks.writer THREADS SECONDS act|bare PACE` says "ready", waits for a line, then says how many it wrote.
`bare`: the same rows and transactions, and nothing of Parvis. PACE: acts a second of each thread at most; 0: no limit.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - after the set-up

from organisation import audit  # noqa: E402 - after the set-up
from organisation.models import Person  # noqa: E402 - after the set-up

BARE = """
INSERT INTO organisation_auditevent (actor_id, actor_name, verb, noun, object_id, unit_id, details)
VALUES (%s, %s, 'person.language_changed', 'organisation.person', %s, %s, '{"changes":{"language":["fr","nl"]}}')
"""


def act(person: Person) -> None:
    with audit.acting():
        changes = audit.differences({"language": "fr"}, {"language": "nl"})
        audit.record(verb=VERB, thing=person, by=person, **changes)


def bare(person: Person) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BARE, [person.pk, person.name, person.pk, person.unit_id])


VERB = next(verb for verb in audit.verbs() if verb.startswith("person."))


def write(person: Person, work: Callable[[Person], None], began: float, seconds: float, pace: float) -> int:
    written = 0
    try:
        while (passed := time.monotonic() - began) < seconds:
            if pace and written > passed * pace:
                time.sleep(1 / pace)
                continue
            work(person)
            written += 1
    finally:
        connection.close()
    return written


def main(threads: int, seconds: float, kind: str, pace: float) -> None:
    people = list(Person.objects.select_related("unit")[:threads])
    connection.close()
    print("ready", flush=True)
    sys.stdin.readline()
    work, began = {"act": act, "bare": bare}[kind], time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        writing = [pool.submit(write, one, work, began, seconds, pace) for one in people]
        print(sum(one.result() for one in writing), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
