"""A1: a million events are verified by the one file (how fast is printed), and every manipulation is found.

A small one runs with the thorough tests, the full size with `PARVIS_FAULTS=full` (`make faults`).
"""

from __future__ import annotations

import base64
import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import Settings

from organisation import verifier
from organisation.actions import keep_checkpoints, seal_all
from organisation.actions.sealing import signing_key
from organisation.models import AuditCheckpoint
from tests.organisation.test_sealing import EVENT, problems, random_attack, tamper

pytestmark = pytest.mark.faults
FULL = os.environ.get("PARVIS_FAULTS") == "full"
INSERT = f"""
INSERT INTO {EVENT} (actor_id, actor_name, verb, noun, object_id, unit_id, details)
SELECT n %% 50, 'Zoë ' || n %% 50, 'post.edited', 'publishing.post', n::text, n %% 9,
       jsonb_build_object('from', 'draft', 'to', 'in_review', 'fields', jsonb_build_array('text', 'link'), 'n', n)
FROM generate_series(1, %s) AS n
"""


def insert(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [number])


@pytest.mark.django_db(transaction=True)  # as workers seal: each batch a transaction of its own
def test_a_million_events_in_five_minutes(settings: Settings, tmp_path: Path) -> None:
    size = 1_000_000 if FULL else 20_000
    settings.AUDIT_CHECKPOINTS = str(tmp_path / "kept")
    insert(size)
    started = time.monotonic()
    assert seal_all() == size
    sealed = time.monotonic()
    keep_checkpoints(every=timedelta(seconds=1))
    call_command("export_audit", tmp_path / "trail.jsonl.gz")
    exported = time.monotonic()
    public = base64.b64encode(signing_key().public_key().public_bytes_raw()).decode()
    command = [sys.executable, "-I", verifier.__file__, str(tmp_path / "trail.jsonl.gz")]
    command += ["--checkpoints", str(tmp_path / "kept"), "--public-key", public]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    verified = time.monotonic() - exported
    print(
        f"{size} events: sealed {sealed - started:.0f} s, exported {exported - sealed:.0f} s, verified {verified:.0f} s"
    )
    assert f"WHOLE: {size} events stand under" in done.stdout, done.stdout + done.stderr


@pytest.mark.django_db
def test_a_hundred_manipulations_are_found() -> None:
    size = 20_000 if FULL else 1_000
    insert(size)
    seal_all()
    kept = [row.checkpoint for row in AuditCheckpoint.objects.all()]
    assert problems(kept) == []
    found = 0
    for number in range(100):
        with transaction.atomic():
            tamper(*random_attack(random.Random(1000 + number), size))
            found += bool(problems(kept))
            transaction.set_rollback(True)
    print(f"{found} of 100 manipulations among {size} events found")
    assert found == 100
