"""A witness outside the database tells the one that may send from its copies and its own restored past (rule 12).

Real clusters that are put back and cloned stand in tests/faults/test_restored.py; here is every edge, in one database.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts_registry import tasks
from delivery.actions import agrees, claim, count_act, give_up_stranded, lift_hold, send_what_is_due
from delivery.actions.witnessing import COUNT, _counted, move
from delivery.enums import DeliveryState, HoldCause, HoldScope, Outcome
from delivery.models import Attempt, Delivery, Hold, Identity, Mark
from delivery.tasks import resolve_unknown, send_due, send_films
from delivery.witness import FileWitness, Seen, Stand, the_witness
from monitoring.tasks import pull_streams
from networks.errors import OutcomeUnknown
from organisation import outward
from organisation.lifecycle import Refused
from organisation.models import AuditEvent
from tests.factories.delivery import DeliveryFactory, FakeNetwork, FakeOrigin, claim_next, thaw
from tests.factories.organisation import person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(settings: Settings) -> Path:
    return Path(settings.WITNESS.removeprefix("file://"))


def shown() -> Stand | None:
    return the_witness().read().stand


def sent(delivery: Delivery) -> bool:
    send_what_is_due(seconds=5)
    delivery.refresh_from_db()
    return delivery.state == DeliveryState.PUBLISHED


def own_holds() -> list[str]:
    return list(Hold.objects.in_force().values_list("cause", flat=True))


@contextmanager
def forgotten() -> Iterator[None]:
    """What is written inside, the database forgets, as one does that is restored."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def another() -> Delivery:
    return DeliveryFactory.create()


@pytest.mark.usefixtures("thawed", "origin")
def test_the_witness_grows_with_each_claim_before_the_network_is_called(network: FakeNetwork) -> None:
    before = shown()
    seen: list[Stand | None] = []
    network.answers = [lambda draft, key: seen.append(shown())] * 2
    assert sent(another())
    assert sent(another())
    assert before is not None
    assert [one.number - before.number for one in seen if one] == [1, 2]
    assert list(Attempt.objects.order_by("claim").values_list("claim", flat=True)) == [
        one.number for one in seen if one
    ]


@pytest.mark.usefixtures("thawed", "origin")
def test_a_claim_takes_no_more_statements_for_it(network: FakeNetwork) -> None:
    """Counting rides on the attempt's own statement, and the usual move asks the database nothing."""
    another()
    with CaptureQueriesContext(connection) as asked:
        claimed = claim_next(passing_over=set())
    begun = [one["sql"] for one in asked if "delivery_attempt" in one["sql"]]
    assert len(begun) == 1
    assert sum("delivery_identity" in one["sql"] for one in asked) == 1
    assert claimed is not None
    assert claimed.counted is not None
    with CaptureQueriesContext(connection) as asked:
        move(claimed.counted)
    assert len(asked) == 0


@pytest.mark.usefixtures("thawed", "origin")
def test_an_older_database_is_frozen_before_it_claims_anything(network: FakeNetwork) -> None:
    """What a restore does: rows as they were, while the witness went on."""
    first = another()
    with forgotten():
        assert sent(first)
    for _run in range(2):
        assert not sent(first)
    assert len(network.calls) == 1
    assert own_holds() == [HoldCause.RESTORED]
    assert AuditEvent.objects.filter(verb="hold.placed", actor_id=None).count() == 1
    assert Attempt.objects.count() == 0


@pytest.mark.usefixtures("thawed", "origin")
def test_lifting_binds_database_and_witness_anew_on_record(network: FakeNetwork) -> None:
    first = another()
    with forgotten():
        assert sent(first)
    assert not sent(first)
    over = shown()
    root = first.unit
    lift_hold(hold=Hold.objects.in_force().get(), by=person_with("crisis_cell", root), reason="The right one")
    now = shown()
    assert over is not None
    assert now is not None
    assert now.number > over.number
    assert AuditEvent.objects.filter(verb="hold.lifted").count() == 1
    assert sent(first)


@pytest.mark.usefixtures("thawed", "origin")
@pytest.mark.parametrize(
    "garbled",
    ["", "{}", "[1]", "nonsense", '{"number": "x", "token": 1}', '{"number": 1e999, "token": ""}', "[" * 100_000],
    ids=["empty", "nothing", "a list", "words", "no number", "no number that ends", "nested"],
)
def test_a_witness_that_cannot_be_read_stands_for_no_database(network: FakeNetwork, file: Path, garbled: str) -> None:
    file.write_text(garbled)
    assert not sent(another())
    assert own_holds() == [HoldCause.RESTORED]


@pytest.mark.usefixtures("thawed", "origin")
def test_a_lost_witness_freezes(network: FakeNetwork, file: Path) -> None:
    file.unlink()
    assert not sent(another())
    assert own_holds() == [HoldCause.LOST]


@pytest.mark.usefixtures("thawed", "origin")
@pytest.mark.parametrize("answer", [None, OutcomeUnknown()])
def test_an_older_witness_freezes_even_where_it_lags_by_one(network: FakeNetwork, file: Path, answer: Any) -> None:
    before = file.read_text()
    network.answers = [answer]
    send_what_is_due(seconds=5)
    assert sent(another()) is (answer is None)
    file.write_text(before)
    assert not sent(another())
    assert own_holds() == [HoldCause.LOST]


@pytest.mark.usefixtures("thawed", "origin")
def test_a_worker_that_died_between_claim_and_witness_freezes_nothing(network: FakeNetwork) -> None:
    died = another()
    assert claim_next(passing_over=set()) is not None  # and no more of it
    later = another()
    assert sent(later)
    assert own_holds() == []
    assert network.calls[0][0].text == later.text
    Delivery.objects.filter(pk=died.pk).update(lease_until=died.due_at)
    assert give_up_stranded() == 1
    assert agrees()
    died.refresh_from_db()
    assert died.state == DeliveryState.UNKNOWN
    assert len(network.calls) == 1


@pytest.mark.usefixtures("thawed", "origin")
def test_a_clone_that_moved_first_keeps_this_one_from_sending(network: FakeNetwork, monkeypatch: Any) -> None:
    """Equal to the last moment: both have claimed under the same number, and only one token can stand there."""
    mine = another()

    def claim_while_the_clone_moves(**asked: Any) -> list[Delivery]:
        claimed = claim(**asked)
        for counted in (one.counted for one in claimed if one.counted):
            seen = the_witness().read()
            assert the_witness().write(Stand(counted.stand.number, "the clone's"), over=seen)
        return claimed

    monkeypatch.setattr("delivery.actions.sending.claim", claim_while_the_clone_moves)
    assert not sent(mine)
    assert network.calls == []
    assert mine.state == DeliveryState.DUE
    assert mine.attempts.get().outcome == Outcome.HELD
    assert own_holds() == [HoldCause.RESTORED]


@pytest.mark.usefixtures("thawed", "origin")
def test_a_freeze_that_the_witness_cannot_be_told_of_is_not_lifted(settings: Settings, file: Path) -> None:
    file.unlink()
    delivery = another()
    assert not agrees()
    hold = Hold.objects.in_force().get()
    settings.WITNESS = "redis://127.0.0.1:1/0"
    with pytest.raises(Refused):
        lift_hold(hold=hold, by=person_with("crisis_cell", delivery.unit), reason="Go")
    assert own_holds() == [HoldCause.LOST]


def test_a_database_from_before_the_witness_asks_a_person_once(origin: FakeOrigin, network: FakeNetwork) -> None:
    """As an update leaves it: it may have sent, and may be an old copy. Nobody but a person can tell."""
    Hold.objects.all().delete()
    Identity.objects.update_or_create(only=True, defaults={"number": 0, "token": ""})
    delivery = another()
    assert not sent(delivery)
    assert own_holds() == [HoldCause.UNWITNESSED]
    lift_hold(hold=Hold.objects.get(), by=person_with("administrator", delivery.unit), reason="Ours")
    assert sent(delivery)


def test_a_new_system_takes_a_witness_and_stays_frozen(origin: FakeOrigin, network: FakeNetwork) -> None:
    Hold.objects.all().delete()
    Hold.objects.create(scope=HoldScope.ORGANISATION, cause=HoldCause.NEW_SYSTEM)
    Identity.objects.update_or_create(only=True, defaults={"number": 0, "token": ""})
    delivery = another()
    assert agrees()
    assert shown() is not None
    assert not sent(delivery)
    assert own_holds() == [HoldCause.NEW_SYSTEM]


def test_a_new_system_beside_another_ones_witness_is_frozen_as_a_copy() -> None:
    Hold.objects.all().delete()
    Hold.objects.create(scope=HoldScope.ORGANISATION, cause=HoldCause.NEW_SYSTEM)
    Identity.objects.update_or_create(only=True, defaults={"number": 0, "token": ""})
    assert the_witness().write(Stand(7, "another's"), over=Seen(None))
    assert not agrees()
    assert set(own_holds()) == {HoldCause.NEW_SYSTEM, HoldCause.RESTORED}


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    ("task", "act"),
    [
        (tasks.renew_due, "accounts_registry.actions.renew_due"),
        (tasks.revoke_pending, "accounts_registry.actions.revoke_pending"),
        (tasks.subscribe_due, "accounts_registry.actions.subscribe_due"),
        (tasks.answer_lookups, "accounts_registry.actions.answer_lookups"),
        (pull_streams, "monitoring.tasks.pull_what_is_due"),
        (resolve_unknown, "delivery.actions.looking.look_for_next"),
        (send_due, "delivery.actions.sending._work"),
        (send_films, "delivery.actions.sending._work"),
    ],
)
def test_a_copy_does_nothing_in_its_originals_name(
    file: Path, monkeypatch: pytest.MonkeyPatch, task: Callable[[], None], act: str
) -> None:
    done: list[str] = []
    DeliveryFactory.create()
    DeliveryFactory.create(content={"media": [{"captions": []}]}, content_hash="")  # a film
    monkeypatch.setattr("accounts_registry.tasks.close_old_connections", lambda: None)  # the test's own is one
    monkeypatch.setattr("delivery.tasks.close_old_connections", lambda: None)
    monkeypatch.setattr(act, lambda *_where, **_told: done.append(act))
    task()
    assert done == [act]
    file.write_text('{"number": 999, "token": "the original\'s"}')
    task()
    assert done == [act]
    assert not outward.may_act()


@pytest.mark.usefixtures("thawed")
def test_a_copy_is_known_by_where_the_witness_stands(file: Path) -> None:
    """Asked before checkpoints are carried: one that cannot ask, or lost its witness, is no copy by that alone."""
    ours = file.read_text()
    file.write_text('{"number": 999, "token": "the original\'s"}')
    assert outward.is_copy()
    file.write_text(ours)
    assert not outward.is_copy()
    file.unlink()
    assert not outward.is_copy()
    file.mkdir()  # cannot be read
    assert not outward.is_copy()
    assert own_holds() == []


@pytest.mark.usefixtures("thawed")
def test_what_cannot_be_taken_back_is_counted(file: Path) -> None:
    """Of two equal systems, the one that renews first goes on, and the other one is frozen before it does."""
    before = shown()
    equal = file.read_text()
    assert outward.count_act()
    assert before is not None
    assert shown() == Stand(before.number + 1, Mark.objects.get(number=before.number + 1).token)
    file.write_text(equal)
    assert the_witness().write(Stand(before.number + 1, "the clone's"), over=the_witness().read())
    assert not outward.count_act()
    assert own_holds() == [HoldCause.RESTORED]


# ---- Many at once ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_threads_with_kills_between_the_writes_never_go_back_and_never_freeze(file: Path) -> None:
    """Each claims and moves, or dies between the two, or finds the witness again; others ask whether all is well."""
    thaw()
    chance = random.Random(8)
    numbers: list[int] = []
    outcomes: Counter[str] = Counter()

    def work(number: int) -> None:
        fate = chance.choice(["moves", "moves", "moves", "dies", "asks"])
        try:
            if fate == "asks":
                assert agrees()
            elif fate == "dies":
                with transaction.atomic():
                    _counted(COUNT, 1)
            else:
                assert count_act()
        finally:
            connection.close()
        outcomes[fate] += 1

    def watch() -> None:
        while not over.is_set():
            stand = FileWitness(file).read().stand
            assert stand is not None
            numbers.append(stand.number)
            time.sleep(0.001)

    over = threading.Event()
    with ThreadPoolExecutor(9) as pool:
        watching = pool.submit(watch)
        try:
            for done in [pool.submit(work, number) for number in range(240)]:
                done.result(60)
        finally:
            over.set()
        watching.result(10)
    assert numbers == sorted(numbers)
    assert own_holds() == []
    counted = Identity.objects.get().number
    assert counted == 1 + outcomes["moves"] + outcomes["dies"]
    assert Mark.objects.count() == counted
    assert count_act()
    assert shown() == Stand(counted + 1, Identity.objects.get().token)
