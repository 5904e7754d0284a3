"""Sealing lies beside the way of who writes: it comes each second, and nobody waits for it or for one another."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as configured
from django.db import connection, transaction

from organisation.actions import change_language, seal, seal_all
from organisation.models import AuditEvent, Person
from tests.factories.organisation import PersonFactory


def test_the_clockwork_calls_the_sealer_each_second() -> None:
    """Events are sealed within two seconds; how long they wait is measured in tests/faults."""
    assert configured.CELERY_BEAT_SCHEDULE["seal-the-trail"] == {
        "task": "organisation.tasks.seal_trail",
        "schedule": 1.0,
    }


@pytest.mark.django_db(transaction=True)
def test_no_writer_waits_for_another_or_for_the_sealer() -> None:
    """Two open transactions append, and neither has ended; then one appends while a seal is being made."""
    one, other, third = PersonFactory.create(), PersonFactory.create(), PersonFactory.create()
    appended, end = threading.Event(), threading.Event()

    def write_and_stay() -> None:
        try:
            with transaction.atomic():
                change_language(person=one, language="nl")
                appended.set()
                assert end.wait(60)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        open_still = pool.submit(write_and_stay)
        assert appended.wait(60)
        try:
            with transaction.atomic():
                refuse_to_wait()
                change_language(person=other, language="nl")  # and its transaction is open beside the first
                assert seal_elsewhere() == 0  # nothing is committed yet, and the sealer does not wait either
            with transaction.atomic():
                assert seal() == 1  # the lock among sealers is held until here
                appended_beside_it(third)
        finally:
            end.set()
        open_still.result(60)
    assert AuditEvent.objects.count() == 3
    assert seal_all() == 2


def refuse_to_wait() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")


def seal_elsewhere() -> int:
    def sealed() -> int:
        try:
            with transaction.atomic():
                refuse_to_wait()
                return seal()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(sealed).result(60)


def appended_beside_it(person: Person) -> None:
    def append() -> None:
        try:
            with transaction.atomic():
                refuse_to_wait()
                change_language(person=person, language="nl")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(append).result(60)
