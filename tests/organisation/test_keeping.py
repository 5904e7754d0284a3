"""Checkpoints leave the database: a folder, a mail, an object store; what fails is told and tried again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from networks.egress import Egress
from organisation import verifier
from organisation.actions import change_language, keep_checkpoints, seal
from organisation.models import AuditCheckpoint, AuditEvent, CheckpointPlace, Person
from organisation.queries.sealed import waiting_for
from tests.factories.organisation import UnitFactory, person_with
from tests.organisation.test_sealing import CHECKPOINT, LEAF, tamper

pytestmark = pytest.mark.django_db
AT_ONCE, DAILY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.AUDIT_CHECKPOINTS = str(tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def auditor() -> Person:
    return person_with("auditor", UnitFactory.create())


def sealed(person: Person, times: int = 1) -> None:
    for turn in range(times):
        change_language(person=person, language=["nl", "en"][turn % 2])
        assert seal() == 1


def kept_in(folder: Path) -> list[int]:
    return [one.size for one in verifier.checkpoints_in([folder], lambda _said: None)]


def failure() -> str:
    return CheckpointPlace.objects.get(name="folder").failure


def test_the_folder_gets_each_checkpoint_once_and_the_public_key(folder: Path, auditor: Person) -> None:
    sealed(auditor, 3)
    keep_checkpoints(every=AT_ONCE)
    keep_checkpoints(every=AT_ONCE)
    sealed(auditor)
    keep_checkpoints(every=AT_ONCE)
    assert kept_in(folder) == [1, 2, 3, 4]
    pem = [str(file) for file in folder.glob("*.pem")]
    assert all(one.is_signed_by(verifier.keys_of(pem)) for one in verifier.checkpoints_in([folder], print))
    assert (CheckpointPlace.objects.get().size, failure()) == (4, "")


def test_a_line_that_was_cut_short_is_ended_and_written_again(folder: Path, auditor: Person) -> None:
    sealed(auditor)
    keep_checkpoints(every=AT_ONCE)
    (file,) = folder.glob("*.jsonl")
    file.write_text(file.read_text() + file.read_text()[:50])
    sealed(auditor)
    keep_checkpoints(every=AT_ONCE)
    assert kept_in(folder) == [1, 2]


def test_a_folder_that_cannot_be_written_is_told_and_tried_again(
    settings: Settings, folder: Path, auditor: Person
) -> None:
    folder.write_text("a file in its place")
    sealed(auditor)
    keep_checkpoints(every=AT_ONCE)
    assert "exists" in failure()
    (told,) = waiting_for(auditor)
    assert "not kept" in str(told.title)
    folder.unlink()
    keep_checkpoints(every=AT_ONCE)
    assert (kept_in(folder), failure(), waiting_for(auditor)) == ([1], "", [])


def test_a_trail_that_was_cut_is_not_written_over_what_the_folder_proves(folder: Path, auditor: Person) -> None:
    """A restore looks alike: a person finds out which it was."""
    sealed(auditor, 3)
    keep_checkpoints(every=AT_ONCE)
    event = AuditEvent.objects.latest("sequence").sequence
    tamper(
        f"DELETE FROM organisation_auditevent WHERE sequence = {event}",
        f"DELETE FROM {LEAF} WHERE position = 2",
        f"DELETE FROM {CHECKPOINT} WHERE size = 3",
    )
    keep_checkpoints(every=AT_ONCE)
    assert "cut, changed or restored" in failure()
    for language, said in (
        ("fr", "Le dossier contient un point de contrôle du"),
        ("nl", "De map bevat een controlepunt van"),
    ):
        with translation.override(language):
            assert failure().startswith(said)
    sealed(auditor)
    keep_checkpoints(every=AT_ONCE)
    assert "cut, changed or restored" in failure()
    assert kept_in(folder) == [1, 2, 3]


def test_a_copy_beside_its_original_carries_nothing(settings: Settings, folder: Path, auditor: Person) -> None:
    """Its checkpoints would stand where the original's belong, whose trail would look like a forged one."""
    settings.AUDIT_MAIL = ["auditor@court.example"]
    witness = Path(settings.WITNESS.removeprefix("file://"))
    sealed(auditor)
    witness.write_text('{"number": 999, "token": "of the original"}')
    keep_checkpoints(every=DAILY)
    assert (folder.exists(), mail.outbox) == (False, [])
    assert "copy" in failure()
    CheckpointPlace.objects.update(failed_at=None)
    witness.unlink()
    keep_checkpoints(every=DAILY)
    assert (kept_in(folder), len(mail.outbox), failure()) == ([1], 1, "")


def test_auditors_get_the_newest_each_day(settings: Settings, auditor: Person) -> None:
    settings.AUDIT_MAIL = ["auditor@court.example"]
    sealed(auditor, 2)
    keep_checkpoints(every=DAILY)
    keep_checkpoints(every=DAILY)
    (sent,) = mail.outbox
    name, content, _kind = sent.attachments[0]
    assert (sent.to, name) == (["auditor@court.example"], "checkpoint-2.json")
    assert json.loads(content) == AuditCheckpoint.objects.first().document
    CheckpointPlace.objects.update(kept_at=AuditEvent.objects.latest("sequence").occurred_at - timedelta(days=2))
    keep_checkpoints(every=DAILY)
    assert len(mail.outbox) == 2  # a sign of life, though nothing is new


@pytest.fixture
def store(settings: Settings) -> Iterator[list[tuple[str, str | None, bytes]]]:
    """An object store that takes everything but the first, and overwrites nothing where it is asked not to."""
    taken: list[tuple[str, str | None, bytes]] = []
    held: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((self.path, self.headers["Authorization"], body))
            is_there = self.path in held and self.headers["If-None-Match"] == "*"
            if len(taken) > 1 and not is_there:
                held[self.path] = body
            self._answer(503 if len(taken) == 1 else 412 if is_there else 201)

        def do_GET(self) -> None:
            self._answer(200, held[self.path])

        def _answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        place = f"127.0.0.1:{server.server_port}"
        settings.EGRESS_ALLOW, settings.AUDIT_PUT = frozenset({place}), f"http://{place}/bucket/"
        settings.AUDIT_PUT_AUTHORIZATION = "Bearer of-the-bucket"
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield taken
        server.shutdown()


def test_a_mail_that_cannot_be_written_keeps_no_other_place_waiting(
    store: list[tuple[str, str | None, bytes]], settings: Settings, auditor: Person
) -> None:
    """The host of its address is too long in punycode."""
    settings.AUDIT_MAIL = [f"auditor@{'ü' * 60}.example"]
    sealed(auditor)
    keep_checkpoints(every=DAILY)
    assert "cannot be written" in CheckpointPlace.objects.get(name="mail").failure
    assert len(store) == 1


def test_an_object_store_is_tried_again(store: list[tuple[str, str | None, bytes]], auditor: Person) -> None:
    sealed(auditor)
    keep_checkpoints(every=DAILY)
    row = CheckpointPlace.objects.get(name="object_store")
    assert "503" in row.failure
    assert "of-the-bucket" not in row.failure
    CheckpointPlace.objects.update(failed_at=row.failed_at - timedelta(minutes=2))
    keep_checkpoints(every=DAILY)
    assert CheckpointPlace.objects.get(name="object_store").failure == ""
    path, authorization, body = store[1]
    assert (path, authorization) == ("/bucket/checkpoint-000000000001.json", "Bearer of-the-bucket")
    assert verifier.checkpoint_of(json.loads(body)).size == 1


def test_an_object_store_overwrites_no_checkpoint(store: list[Any], settings: Settings, auditor: Person) -> None:
    """A trail that was cut and sealed anew has another checkpoint of the same size: the first one is the proof."""
    store.append(())  # past the one that it does not take

    def kept_later() -> str:
        CheckpointPlace.objects.update(failed_at=None, kept_at=None)
        keep_checkpoints(every=DAILY)
        return CheckpointPlace.objects.get(name="object_store").failure

    def there() -> Any:
        address = f"{settings.AUDIT_PUT}checkpoint-000000000001.json"
        return json.loads(Egress(allow=settings.EGRESS_ALLOW).get(address).body)

    sealed(auditor)
    first = AuditCheckpoint.objects.get().document
    assert kept_later() == ""
    assert kept_later() == ""  # the same once more
    event = AuditEvent.objects.latest("sequence").sequence
    tamper(f"DELETE FROM organisation_auditevent WHERE sequence = {event}", f"DELETE FROM {LEAF}")
    tamper(f"DELETE FROM {CHECKPOINT}")
    sealed(auditor, 2)
    tamper(f"DELETE FROM {CHECKPOINT} WHERE size = 2")
    assert "another checkpoint" in kept_later()
    assert there() == first


@pytest.mark.longer
def test_the_page_says_how_far_the_trail_is_sealed_and_exports_it(
    client: Client, folder: Path, auditor: Person
) -> None:
    sealed(auditor, 2)  # the second time, to English
    keep_checkpoints(every=AT_ONCE)
    client.force_login(auditor)
    page = client.get(reverse("organisation:audit")).content.decode()
    assert page.count("up to event 2, ") == 2
    assert "Folder" in page
    answer = client.post(reverse("organisation:audit_export"))
    assert answer["Content-Type"] == "application/gzip"
    (folder.parent / "trail.jsonl.gz").write_bytes(b"".join(answer.streaming_content))
    assert AuditEvent.objects.filter(verb="audit.exported", actor_id=auditor.pk).count() == 1
    words = [str(folder.parent / "trail.jsonl.gz"), "--checkpoints", str(folder), "--public-key"]
    assert verifier.main([*words, *map(str, folder.glob("*.pem"))]) == 0


@pytest.mark.longer
def test_the_page_says_what_is_not_kept_and_what_to_do(client: Client, folder: Path, auditor: Person) -> None:
    folder.write_text("a file in its place")
    sealed(auditor)
    keep_checkpoints(every=AT_ONCE)
    client.force_login(auditor)
    today = client.get("/").content.decode()
    assert "Ondertekende controlepunten van het auditspoor worden niet bewaard" in today
    assert "Bekijken wat te doen" in today
    page = client.get(reverse("organisation:audit")).content.decode()
    assert "Map: de controlepunten die sinds" in page
    assert "of het achtergrondproces draait" in page
    folder.unlink()
    keep_checkpoints(every=AT_ONCE)
    assert "of het achtergrondproces draait" not in client.get(reverse("organisation:audit")).content.decode()


def test_who_reads_a_part_of_the_trail_does_not_export_the_whole(client: Client) -> None:
    root = UnitFactory.create()
    reader = person_with("auditor", UnitFactory.create(parent=root))
    client.force_login(reader)
    assert "Export the whole trail" not in client.get(reverse("organisation:audit")).content.decode()
    assert client.post(reverse("organisation:audit_export")).status_code == 403
    assert not AuditEvent.objects.exists()


def test_a_trail_that_nobody_seals_is_told(auditor: Person) -> None:
    change_language(person=auditor, language="nl")
    assert waiting_for(auditor) == []
    tamper("UPDATE organisation_auditevent SET occurred_at = occurred_at - interval '2 minutes'")
    (told,) = waiting_for(auditor)
    assert "not sealed" in str(told.title)
