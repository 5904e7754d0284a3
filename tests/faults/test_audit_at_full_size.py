"""A1: a million events are sealed in the database, exported, verified by the one file, and 100 manipulations found.

A small one runs with the thorough tests, the full size with `PARVIS_FAULTS=full` (`make faults`).
"""

from __future__ import annotations

import base64
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import Settings

from organisation import verifier
from organisation.actions import keep_checkpoints, seal_all
from organisation.actions.sealing import signing_key, verifying_keys
from organisation.models import AuditCheckpoint
from organisation.queries.sealed import as_sealed, unsealed_events
from tests.organisation.test_sealing import CHECKPOINT, EVENT, LEAF, numbered, tamper

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
    verified = time.monotonic()
    assert f"WHOLE: {size} events stand under" in done.stdout, done.stdout + done.stderr
    seal_all()  # the export's own event
    found = manipulated(size, list(verifier.checkpoints_in([tmp_path / "kept"], print)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{size} events: sealed {sealed - started:.0f} s, exported {exported - sealed:.0f} s, verified"
        f" {verified - exported:.0f} s, {sum(found.values())} of 100 manipulations found in"
        f" {time.monotonic() - verified:.0f} s, {memory} MB at most: {dict(found)}"
    )
    assert set(found.values()) == {10}
    assert len(found) == 10


# ---- Manipulations in the database, each undone again ---------------------------------------------------------------


def manipulated(size: int, kept: list[verifier.Checkpoint]) -> Counter[str]:
    """How many of ten manipulations of each kind are found."""
    frontiers = {row.size: row.tree().frontier for row in AuditCheckpoint.objects.all()} | {0: []}
    found: Counter[str] = Counter()
    for number in range(100):
        kind, place, statements = attack(number % 10, random.Random(number), size)
        with transaction.atomic():
            tamper(*statements)
            found[kind] += is_found(place, kept, frontiers)
            transaction.set_rollback(True)
    return found


def attack(number: int, chance: random.Random, size: int) -> tuple[str, int, list[str]]:
    """A kind, the first place that it touches, and what the database's owner runs."""
    place, other = sorted(chance.sample(range(size), 2))
    late = size - chance.randint(1, size // 50)
    at, at_other = numbered(place), numbered(other)
    event = next(one for one in sealed_events(place, 1))
    hashed = verifier.leaf_hash(event | {"actor_id": 1000}).hex()
    columns = "occurred_at, actor_id, actor_name, verb, noun, object_id, unit_id, details"
    copied = f"FROM {EVENT} WHERE sequence = {at}"
    forged = f"INSERT INTO {EVENT} (sequence, {columns}) SELECT {10 * size + 1}, {columns} {copied}"
    edited = f"UPDATE {EVENT} SET actor_id = 1000 WHERE sequence = {at}"
    rehashed = f"UPDATE {LEAF} SET hash = decode('{hashed}', 'hex') WHERE sequence = {at}"
    renumber = [f"UPDATE {{}} SET sequence = sequence + {size} WHERE sequence = {{}}"]
    return [
        ("edit", place, [edited]),
        ("detail", place, [f"UPDATE {EVENT} SET details = details || '{{\"n\": -1}}' WHERE sequence = {at}"]),
        ("deletion", place, [f"DELETE {copied}"]),
        ("reordering", place, swap(at, at_other)),
        ("renumbered", place, [one.format(EVENT, at) for one in renumber] + [one.format(LEAF, at) for one in renumber]),
        ("tail cut", late, cut_from(late)),
        ("chained insert", late, [forged, *room_at(late), f"INSERT INTO {LEAF} VALUES ({late}, {10 * size + 1}, '')"]),
        ("replaced", place, [forged, f"UPDATE {LEAF} SET sequence = {10 * size + 1} WHERE sequence = {at}"]),
        ("slipped in", size - 1, [forged.replace(str(10 * size + 1), str(-place))]),
        ("chain recomputed", place, [edited, rehashed, f"DELETE FROM {CHECKPOINT} WHERE size > {place}"]),
    ][number]  # fmt: skip


def swap(one: int, other: int) -> list[str]:
    moves = [(one, -1), (other, one), (-1, other)]
    return [f"UPDATE {LEAF} SET sequence = {to} WHERE sequence = {at}" for at, to in moves]


def cut_from(place: int) -> list[str]:
    return [
        f"DELETE FROM {EVENT} WHERE sequence IN (SELECT sequence FROM {LEAF} WHERE position >= {place})",
        f"DELETE FROM {LEAF} WHERE position >= {place}",
        f"DELETE FROM {CHECKPOINT} WHERE size > {place}",
    ]


FAR = 1_000_000_000  # beyond every place that a leaf has


def room_at(place: int) -> list[str]:
    """All that came later moves on by one."""
    return [
        f"UPDATE {LEAF} SET position = position + {FAR} WHERE position >= {place}",
        f"UPDATE {LEAF} SET position = position - {FAR - 1} WHERE position >= {FAR}",
    ]


def is_found(place: int, kept: list[verifier.Checkpoint], frontiers: dict[int, list[bytes]]) -> bool:
    """The verifier's own pass, from the last checkpoint before `place` on: up to there nothing was touched, and the
    full pass over it has been made. Ends at the first problem: none is ever taken back."""
    size = max(one for one in frontiers if one <= place)
    report = verifier.Report()
    trusted = verifier.trusted(kept, verifying_keys(), report)
    pass_over = verifier.Verification([one for one in trusted if one.size > size], report)
    pass_over.tree = verifier.Tree(size, frontiers[size])
    pass_over.settled = max((one.settled for one in trusted if one.size <= size), default=0)
    for event in chain(sealed_events(size), unsealed_events(above=-(10**9), at_most=10)):
        pass_over.take({"position": None} | event)
        if report.problems:
            return True
    pass_over.end(None)
    return bool(report.problems)


def sealed_events(first: int, number: int = 10_000) -> Iterator[dict[str, Any]]:
    """By their place, from `first` on, `number` read at once."""
    fields = ", ".join(f"event.{name}" for name in verifier.FIELDS)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {fields}, leaf.position FROM {LEAF} leaf JOIN {EVENT} event USING (sequence)"
                " WHERE leaf.position >= %s ORDER BY leaf.position LIMIT %s",
                [first, number],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        for row in rows:
            yield {"position": row[-1], **as_sealed(row[:-1])}
        first = rows[-1][-1] + 1
