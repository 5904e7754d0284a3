"""Probes: what the house needs answers, and what somebody has to look at is named. See docs/production.md."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings

from governance import health
from organisation.actions import change_language, keep_checkpoints, seal
from organisation.models import CheckpointPlace, Person
from organisation.sentences import kept
from tests.factories.organisation import PersonFactory
from tests.organisation.test_sealing import CHECKPOINT, EVENT, tamper

pytestmark = pytest.mark.django_db
AT_ONCE = timedelta(seconds=1)


@pytest.fixture
def person(settings: Settings, tmp_path: Path) -> Person:
    settings.AUDIT_CHECKPOINTS = str(tmp_path / "kept")
    return PersonFactory.create()


def ready(client: Client) -> dict[str, object]:
    answer = client.get("/ready")
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    assert found["ready"] is True
    return found


SIGNED = "(document->>'taken_at')::timestamptz - interval '{} minutes'"
OLDER = {
    EVENT: "occurred_at = occurred_at - interval '{} minutes'",
    CHECKPOINT: f"document = jsonb_set(document, '{{{{taken_at}}}}', to_jsonb({SIGNED}))",
}


def older(table: str, minutes: int) -> None:
    """As if what stands there had been written so long ago."""
    tamper(f"UPDATE {table} SET {OLDER[table].format(minutes)}")


def test_all_is_well(client: Client, person: Person) -> None:
    change_language(person=person, language="nl")
    seal()
    keep_checkpoints(every=AT_ONCE)
    assert ready(client)["audit_trail"] == {"unsealed_seconds": 0, "unkept_seconds": 0}
    assert ready(client)["warnings"] == []


def test_events_that_nobody_seals_are_told_with_their_age(client: Client, person: Person) -> None:
    change_language(person=person, language="nl")
    assert ready(client)["warnings"] == []
    older(EVENT, 3)
    found = ready(client)
    assert found["warnings"] == ["audit_trail_not_sealed"]
    assert found["audit_trail"] == {"unsealed_seconds": pytest.approx(180, abs=30), "unkept_seconds": 0}


def test_checkpoints_that_nobody_keeps_are_told_with_their_age(client: Client, person: Person) -> None:
    """Also where nothing was refused: the worker that should have brought them does not run."""
    change_language(person=person, language="nl")
    seal()
    assert ready(client)["warnings"] == []
    older(CHECKPOINT, 15)
    found = ready(client)
    assert found["warnings"] == ["checkpoints_not_kept"]
    assert found["audit_trail"] == {"unsealed_seconds": 0, "unkept_seconds": pytest.approx(900, abs=30)}
    keep_checkpoints(every=AT_ONCE)
    assert ready(client)["warnings"] == []


def test_a_place_that_gets_one_a_day_is_behind_after_a_day(client: Client, settings: Settings, person: Person) -> None:
    settings.AUDIT_MAIL = ["auditor@court.example"]
    change_language(person=person, language="nl")
    seal()
    keep_checkpoints(every=timedelta(days=1))
    assert len(mail.outbox) == 1
    change_language(person=person, language="en")
    seal()
    keep_checkpoints(every=AT_ONCE)
    older(CHECKPOINT, 60)
    assert ready(client)["warnings"] == []
    older(CHECKPOINT, 60 * 24)
    assert ready(client)["warnings"] == ["checkpoints_not_kept"]


def test_a_place_that_is_no_longer_wanted_is_not_waited_for(client: Client, person: Person) -> None:
    CheckpointPlace.objects.create(name="mail", size=0, reasons=kept(["no such host"]))
    change_language(person=person, language="nl")
    seal()
    keep_checkpoints(every=AT_ONCE)
    older(CHECKPOINT, 60 * 48)
    assert ready(client)["warnings"] == []


def test_no_place_at_all_is_told(client: Client, settings: Settings, person: Person) -> None:
    settings.AUDIT_CHECKPOINTS = ""
    assert ready(client)["warnings"] == ["checkpoints_kept_nowhere"]


def test_without_a_database_it_is_not_ready_but_alive(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr(health, "seals", away)
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "database": False})
    assert client.get("/alive").status_code == 200
