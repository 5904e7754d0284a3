"""A database from before the seals migrates with all its events, and what its chain ended with is kept."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest

from launcher.throwaway_postgres import throwaway
from organisation.verifier import canonical

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
BEFORE = "0004_choices_and_sessions"


def manage(url: str, *words: str) -> str:
    environment = {**os.environ, "DATABASE_URL": url, "PARVIS_MODE": "test"}
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_chain_is_closed_and_sealed_as_it_is() -> None:
    with throwaway() as server:
        manage(server.url(), "migrate", "organisation", BEFORE, "-v0")
        with closing(psycopg2.connect(server.url())) as connection:
            with connection, connection.cursor() as cursor:
                head = "0" * 64
                for number in range(1, 13):  # more than nine: numbers are no text
                    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
                    told = [number, moment.isoformat(timespec="microseconds"), 3, "Zoë", "v", "n", "7", None]
                    new = hashlib.sha256(canonical([head, *told, {"n": number}])).hexdigest()
                    cursor.execute(
                        "INSERT INTO organisation_auditevent (sequence, occurred_at, actor_id, actor_name, verb,"
                        " noun, object_id, details, previous_hash, hash)"
                        " VALUES (%s, %s, 3, 'Zoë', 'v', 'n', '7', %s, %s, %s)",
                        [number, moment, json.dumps({"n": number}), head, new],
                    )
                    head = new
            manage(server.url(), "migrate", "-v0")
            with connection, connection.cursor() as cursor:
                cursor.execute(
                    "SELECT sequence, details FROM organisation_auditevent WHERE verb = 'audit.chain_closed'"
                )
                assert cursor.fetchall() == [(13, {"events": 12, "head": head})]
        manage(server.url(), "shell", "-c", "from organisation.actions import seal_all; seal_all()")
        assert "13 events are as they were sealed" in manage(server.url(), "verify_audit")
