"""Sealing, and attacks by who holds the whole database, but neither the key nor the places of the checkpoints."""

from __future__ import annotations

import base64
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from organisation import verifier
from organisation.actions import Forged, change_language, seal, seal_all, sealing
from organisation.actions.sealing import verifying_keys
from organisation.models import AuditCheckpoint, AuditEvent, AuditLeaf
from organisation.queries.sealed import all_events
from tests.factories.organisation import PersonFactory

EVENT, LEAF, CHECKPOINT = "organisation_auditevent", "organisation_auditleaf", "organisation_auditcheckpoint"


def events(number: int) -> None:
    rows = [
        AuditEvent(
            verb="post.edited", noun="publishing.post", object_id=str(turn), actor_name="An", details={"n": turn}
        )
        for turn in range(number)
    ]
    AuditEvent.objects.bulk_create(rows)


def tamper(*statements: str) -> None:
    """As a superuser would: past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a server on which nobody else writes: whoever tests beside us would keep `settled` from moving."""
    ask = sealing._ask
    monkeypatch.setattr(
        sealing, "_ask", lambda question, *values: 1 if "pg_snapshot" in question else ask(question, *values)
    )


@pytest.fixture
def kept(db: None, alone: None) -> list[verifier.Checkpoint]:
    """120 events in twelve seals; the checkpoints as they lie elsewhere."""
    for _turn in range(12):
        events(10)
        seal()
    return [row.checkpoint for row in AuditCheckpoint.objects.all()]


def problems(kept: list[verifier.Checkpoint]) -> list[str]:
    return verifier.verify(all_events(), kept, verifying_keys()).problems


def numbered(place: int) -> int:
    return AuditLeaf.objects.values_list("sequence", flat=True).get(position=place)


def test_what_was_sealed_verifies(kept: list[verifier.Checkpoint]) -> None:
    assert problems(kept) == []
    said = StringIO()
    events(3)
    call_command("verify_audit", stdout=said)
    assert "120 events are as they were sealed, 3 are not sealed yet" in said.getvalue()


def test_a_seal_takes_what_is_there_and_an_empty_one_signs_nothing(db: None) -> None:
    events(25)
    assert [seal(at_most=10) for _turn in range(4)] == [10, 10, 5, 0]
    assert list(AuditCheckpoint.objects.values_list("size", flat=True)) == [25, 20, 10]


def test_number_and_time_are_the_database_s(db: None) -> None:
    """Whoever may insert can neither choose a number nor date back."""
    events(1)
    first = AuditEvent.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {EVENT} (sequence, occurred_at, actor_name, verb, noun, object_id, details)"
            " VALUES (1, '2001-01-01', '', 'v', 'n', '', '{}') RETURNING sequence, occurred_at"
        )
        number, moment = cursor.fetchone()
    assert number == first.sequence + 1
    assert moment > first.occurred_at


# ---- Attacks, each with all that the database's owner can do ------------------------------------------------------


def cut(number: int) -> list[str]:
    """The last `number` events are gone, with their leaves and with each checkpoint that counted them."""
    return [
        f"DELETE FROM {EVENT} WHERE sequence IN (SELECT sequence FROM {LEAF} WHERE position >= {120 - number})",
        f"DELETE FROM {LEAF} WHERE position >= {120 - number}",
        f"DELETE FROM {CHECKPOINT} WHERE size > {120 - number}",
    ]


def attacks() -> dict[str, Callable[[], list[str]]]:
    middle, after, last = (lambda: numbered(57)), (lambda: numbered(58)), (lambda: numbered(119))
    columns = "sequence, occurred_at, actor_id, actor_name, verb, noun, object_id, unit_id, details"
    copied = "occurred_at, actor_id, 'Somebody', verb, noun, object_id, unit_id, details"
    return {
        "edit": lambda: [f"UPDATE {EVENT} SET actor_name = 'Bo' WHERE sequence = {middle()}"],
        "a detail": lambda: [f"UPDATE {EVENT} SET details = '{{\"n\": 70}}' WHERE sequence = {middle()}"],
        "time": lambda: [f"UPDATE {EVENT} SET occurred_at = occurred_at - interval '1 us' WHERE sequence = {middle()}"],
        "unit": lambda: [f"UPDATE {EVENT} SET unit_id = 1 WHERE sequence = {middle()}"],
        "deletion": lambda: [f"DELETE FROM {EVENT} WHERE sequence = {middle()}"],
        "deletion with its leaf": lambda: [
            f"DELETE FROM {EVENT} WHERE sequence = {middle()}",
            f"DELETE FROM {LEAF} WHERE position = 57",
            f"UPDATE {LEAF} SET position = position + 9000 WHERE position > 57",
            f"UPDATE {LEAF} SET position = position - 9001 WHERE position > 9000",
        ],
        "swap": lambda: [
            f"UPDATE {EVENT} SET sequence = -1 WHERE sequence = {middle()}",
            f"UPDATE {EVENT} SET sequence = {middle()} WHERE sequence = {after()}",
            f"UPDATE {EVENT} SET sequence = {after()} WHERE sequence = -1",
        ],
        "renumbered": lambda: [f"UPDATE {EVENT} SET sequence = {last() + 50} WHERE sequence = {last()}"],
        "renumbered with its leaf": lambda: [
            f"UPDATE {LEAF} SET sequence = {last() + 50} WHERE sequence = {last()}",
            f"UPDATE {EVENT} SET sequence = {last() + 50} WHERE sequence = {last()}",
        ],
        "last replaced": lambda: [f"UPDATE {EVENT} SET verb = 'post.withdrawn' WHERE sequence = {last()}"],
        "first removed": lambda: [f"DELETE FROM {EVENT} WHERE sequence = {numbered(0)}"],
        "cut 1": lambda: cut(1),
        "cut 50": lambda: cut(50),
        "cut all": lambda: cut(120),
        "slipped in": lambda: [
            # a gap in the numbers, as an undone transaction leaves one
            f"INSERT INTO {EVENT} ({columns}) SELECT {numbered(0) - 1}, {copied} FROM {EVENT}"
            f" WHERE sequence = {numbered(0)}"
        ],
        "backdated": lambda: [
            f"INSERT INTO {EVENT} ({columns}) SELECT {last() + 1}, now() - interval '1 day', {copied.split(', ', 1)[1]}"
            f" FROM {EVENT} WHERE sequence = {last()}"
        ],
    }


@pytest.mark.slow
@pytest.mark.parametrize("attack", attacks())
def test_an_attack_is_found(attack: str, kept: list[verifier.Checkpoint]) -> None:
    tamper(*attacks()[attack]())
    assert problems(kept)


@pytest.mark.slow
@pytest.mark.parametrize("attack", [name for name in attacks() if name not in ("slipped in", "backdated")])
def test_an_attack_that_makes_every_seal_anew_is_found(
    attack: str, kept: list[verifier.Checkpoint], settings: Settings
) -> None:
    """Leaves, frontier and checkpoints recomputed over the new history, signed with a key of the attacker's own."""
    tamper(*attacks()[attack](), f"DELETE FROM {LEAF}", f"DELETE FROM {CHECKPOINT}")
    ours, settings.AUDIT_KEY = settings.AUDIT_KEY, base64.b64encode(b"attacker" * 4).decode()
    seal_all()
    settings.AUDIT_KEY = ours
    assert problems(kept)
    if attack != "cut all":
        with pytest.raises(CommandError, match="Nobody whose key was given signed"):
            call_command("verify_audit", stdout=StringIO())


def test_a_forged_event_is_found_after_the_sealer_took_it_for_a_true_one(kept: list[verifier.Checkpoint]) -> None:
    tamper(*attacks()["backdated"]())
    seal()
    kept = [row.checkpoint for row in AuditCheckpoint.objects.all()]
    assert any("backdated" in problem for problem in problems(kept))


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {CHECKPOINT} SET document = jsonb_set(document, '{{settled}}', '1000000')",
        f"UPDATE {CHECKPOINT} SET frontier = jsonb_set(frontier, '{{0}}', '\"{'00' * 32}\"')",
        f"INSERT INTO {LEAF} VALUES (120, 999999, '')",
        f"DELETE FROM {CHECKPOINT} WHERE size = 120",
        f"DELETE FROM {LEAF} WHERE position = 119",
    ],
)
def test_the_sealer_seals_nothing_over_seals_that_are_not_its_own(
    statement: str, kept: list[verifier.Checkpoint]
) -> None:
    events(1)
    tamper(statement)
    with pytest.raises(Forged), transaction.atomic():
        seal()


@pytest.mark.parametrize("table", [LEAF, CHECKPOINT])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = 0", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_seals(table: str, verb: str, kept: list[verifier.Checkpoint]) -> None:
    column = "sequence" if table == LEAF else "size"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table, column))


@pytest.mark.longer
def test_a_hundred_manipulations_at_random_places_are_found(kept: list[verifier.Checkpoint]) -> None:
    """A1, small; at full size in tests/faults."""
    found = 0
    for number in range(100):
        with transaction.atomic():
            tamper(*random_attack(random.Random(number), 120))
            found += bool(problems(kept))
            transaction.set_rollback(True)
    assert found == 100


def random_attack(chance: random.Random, size: int) -> list[str]:
    one, other = (numbered(place) for place in chance.sample(range(size), 2))
    tail = chance.randint(1, size)
    return chance.choice(
        [
            [f"UPDATE {EVENT} SET actor_id = coalesce(actor_id, 0) + 1 WHERE sequence = {one}"],
            [f"UPDATE {EVENT} SET object_id = object_id || '0' WHERE sequence = {one}"],
            [f"DELETE FROM {EVENT} WHERE sequence = {one}"],
            [
                f"UPDATE {LEAF} SET sequence = -1 WHERE sequence = {one}",
                f"UPDATE {LEAF} SET sequence = {one} WHERE sequence = {other}",
                f"UPDATE {LEAF} SET sequence = {other} WHERE sequence = -1",
            ],
            [f"UPDATE {EVENT} SET sequence = sequence + {10 * size} WHERE sequence = {one}"],
            [
                f"DELETE FROM {EVENT} WHERE sequence IN (SELECT sequence FROM {LEAF} WHERE position >= {size - tail})",
                f"DELETE FROM {LEAF} WHERE position >= {size - tail}",
                f"DELETE FROM {CHECKPOINT} WHERE size > {size - tail}",
            ],
        ]
    )


# ---- The export --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["trail.jsonl", "trail.jsonl.gz"])
def test_an_export_is_an_event_and_verifies_elsewhere(
    name: str, tmp_path: Path, kept: list[verifier.Checkpoint], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export_audit", tmp_path / name)
    assert AuditEvent.objects.filter(verb="audit.exported").count() == 1
    (tmp_path / "kept.json").write_bytes(verifier.canonical(kept[0].document))
    said = StringIO()
    call_command("audit_key", stdout=said)
    words = [
        str(tmp_path / name),
        "--checkpoints",
        str(tmp_path / "kept.json"),
        "--public-key",
        said.getvalue().strip(),
    ]
    assert verifier.main(words) == 0
    assert "WHOLE: 120 events stand under" in capsys.readouterr().out


def test_after_a_change_of_key_both_keys_checkpoints_hold(kept: list[verifier.Checkpoint], settings: Settings) -> None:
    said = StringIO()
    call_command("audit_key", stdout=said)
    settings.AUDIT_PUBLIC_KEYS = [said.getvalue().strip()]
    settings.AUDIT_KEY = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
    events(2)
    assert seal() == 2
    call_command("verify_audit", stdout=said)
    assert "122 events are as they were sealed" in said.getvalue()


# ---- Transactions against each other -------------------------------------------------------------------------------


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_an_event_that_was_committed_late_is_sealed_and_only_once() -> None:
    """A number is taken, another transaction commits a higher one, three seals pass: the low one still comes in."""
    person = PersonFactory.create()
    numbered_now, go_on = threading.Event(), threading.Event()

    def late() -> int:
        try:
            with transaction.atomic():
                events(1)
                numbered_now.set()
                go_on.wait(20)
                return int(AuditEvent.objects.latest("sequence").sequence)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(late)
        assert numbered_now.wait(20)
        for language in ("nl", "fr", "nl"):
            change_language(person=person, language=language)
            assert seal() == 1
        low = AuditEvent.objects.earliest("sequence").sequence - 1
        assert all(row.checkpoint.settled < low for row in AuditCheckpoint.objects.all())
        go_on.set()
        slow.result(20)
    assert seal() == 1
    assert AuditLeaf.objects.get(position=3).sequence == low
    end = time.monotonic() + 120  # transactions of the server's other databases count as running too
    while AuditCheckpoint.objects.latest("size").checkpoint.settled < low and time.monotonic() < end:
        change_language(person=person, language="fr")
        seal()
    assert AuditCheckpoint.objects.latest("size").checkpoint.settled >= low
    assert problems([row.checkpoint for row in AuditCheckpoint.objects.all()]) == []


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_two_sealers_beside_writers_miss_nothing_and_seal_nothing_twice() -> None:
    """Writers commit out of order, and undo now and then."""
    over = threading.Event()

    def write(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _turn in range(40):
                with transaction.atomic():
                    events(chance.randint(1, 3))
                    over.wait(chance.random() / 100)
                    transaction.set_rollback(chance.random() < 0.2)
        finally:
            connection.close()

    def sealer() -> None:
        try:
            while not over.is_set():
                seal()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        sealers = [pool.submit(sealer) for _one in range(2)]
        for writer in [pool.submit(write, seed) for seed in range(4)]:
            writer.result(60)
        over.set()
        for one in sealers:
            one.result(20)
    seal_all()
    written = set(AuditEvent.objects.values_list("sequence", flat=True))
    places = list(AuditLeaf.objects.order_by("position").values_list("position", "sequence"))
    assert [place for place, _number in places] == list(range(len(written)))
    assert {number for _place, number in places} == written
    assert problems([row.checkpoint for row in AuditCheckpoint.objects.all()]) == []
