"""What is due: one worker at a time, by the database's clock, and nobody waits behind what is broken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts_registry.models import Subscription
from organisation import due
from organisation.clock import database_now
from tests.factories.accounts_registry import AccountFactory

LEASE = timedelta(minutes=3)
BACKOFF = due.Backoff(timedelta(minutes=1), timedelta(minutes=8))
MINUTE = timedelta(minutes=1)


def what_is_due() -> Any:
    return Subscription.objects.filter(next_try_at__lte=Now()).select_related("account").order_by("next_try_at", "pk")


QUEUE: due.Queue[Subscription] = due.Queue(what_is_due, LEASE, BACKOFF, next_at="next_try_at", tries="tries")


def rows(number: int) -> list[Subscription]:
    """The first has been due for longest."""
    return [
        Subscription.objects.create(account=AccountFactory.create(), next_try_at=Now() - (number - place) * MINUTE)
        for place in range(number)
    ]


def claimed() -> Subscription:
    row = QUEUE.claim()
    assert row is not None
    return row


def stands(row: Subscription) -> tuple[bool, int, int]:
    """Whether somebody has it, how often it was claimed, and how many tries it counts."""
    now = Subscription.objects.get(pk=row.pk)
    return now.lease_until is not None, now.epoch, now.tries


def minutes_off(row: Subscription) -> float:
    found = Subscription.objects.annotate(now=Now()).get(pk=row.pk)
    return round((found.next_try_at - found.now) / MINUTE, 1)


@pytest.fixture
def told_to_end() -> Iterator[Callable[[], None]]:
    yield due.end
    due._ending.clear()


@pytest.mark.django_db(transaction=True)
def test_two_that_claim_at_once_get_two_rows_and_a_third_gets_none() -> None:
    rows(2)
    start = threading.Barrier(3)

    def take() -> Subscription | None:
        try:
            start.wait(20)
            return QUEUE.claim()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        found = [one.result(60) for one in [pool.submit(take) for _each in range(3)]]
    assert sorted(one.pk for one in found if one) == sorted(Subscription.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_locks_is_passed_over() -> None:
    first, second = rows(2)

    def take() -> Subscription | None:
        try:
            return QUEUE.claim()
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        Subscription.objects.select_for_update().get(pk=first.pk)
        taken = pool.submit(take).result(20)
    assert taken == second


@pytest.mark.django_db
def test_the_longest_due_goes_first_and_its_claim_lasts_as_long_as_its_lease() -> None:
    first, _second = rows(2)
    row = claimed()
    assert (row, row.epoch, row.tries) == (first, 1, 1)
    assert row.lease_until is not None
    assert LEASE - MINUTE < row.lease_until - database_now() <= LEASE
    Subscription.objects.filter(pk=row.pk).update(lease_until=Now() + timedelta(seconds=1))
    assert claimed() != row
    Subscription.objects.filter(pk=row.pk).update(lease_until=Now())
    assert claimed() == row


@pytest.mark.django_db
def test_whoever_lost_the_claim_writes_nothing() -> None:
    rows(1)
    late = claimed()
    Subscription.objects.update(lease_until=Now())
    mine = claimed()
    assert (late.epoch, mine.epoch) == (1, 2)
    with pytest.raises(due.Lost), transaction.atomic():
        QUEUE.hold(late)
    QUEUE.go_on(late, name="late")
    assert not QUEUE.release(late, name="late")
    assert not QUEUE.put_off(late, 0, name="late")
    assert not QUEUE.hand_back(late)
    assert (stands(mine), Subscription.objects.get().name) == ((True, 2, 2), "")
    with transaction.atomic():
        assert QUEUE.hold(mine) == mine
        QUEUE.go_on(mine, name="mine")
    assert QUEUE.release(mine)
    assert Subscription.objects.get().name == "mine"
    with pytest.raises(due.Lost), transaction.atomic():
        QUEUE.hold(mine)


@pytest.mark.django_db
def test_a_row_is_held_by_itself_and_with_what_is_named_beside_it() -> None:
    """Whatever else it points to would be planned and read with each page that is stored."""
    rows(1)
    mine = claimed()
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        QUEUE.hold(mine)
        QUEUE.hold(mine, "account")
    joins = [query["sql"].count(" JOIN ") for query in asked if "FOR UPDATE" in query["sql"]]
    assert joins == [0, 1]


@pytest.mark.django_db
def test_under_a_lapsed_lease_nothing_is_written_but_how_it_went() -> None:
    rows(1)
    row = claimed()
    Subscription.objects.update(lease_until=Now() - timedelta(seconds=1))
    with pytest.raises(due.Lost), transaction.atomic():
        QUEUE.hold(row)
    assert QUEUE.put_off(row, 0)
    assert minutes_off(row) == 1


@pytest.mark.django_db
def test_going_on_takes_the_lease_anew() -> None:
    rows(1)
    row = claimed()
    Subscription.objects.update(lease_until=Now() + timedelta(seconds=1))
    QUEUE.go_on(row)
    lease = Subscription.objects.get().lease_until
    assert lease is not None
    assert lease - database_now() > LEASE - MINUTE


@pytest.mark.django_db
@pytest.mark.parametrize(("failures", "minutes"), [(0, 1), (1, 2), (2, 4), (3, 8), (4, 8), (5000, 8)])
def test_each_pause_is_twice_the_last_up_to_the_longest(failures: int, minutes: int) -> None:
    rows(1)
    row = claimed()
    assert QUEUE.put_off(row, failures, problem="away")
    assert (stands(row), minutes_off(row)) == ((False, 1, 1), minutes)
    assert QUEUE.claim() is None


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "minutes"), [(-600, 1), (0, 1), (30, 30), (60 * 24 * 20, 60 * 24 * 20)])
def test_the_moment_that_the_other_side_names_is_kept_and_never_is_at_once(asked: int, minutes: int) -> None:
    rows(1)
    row = claimed()
    QUEUE.put_off(row, 5, retry_at=database_now() + asked * MINUTE)
    assert minutes_off(row) == minutes


@pytest.mark.django_db
def test_the_databases_clock_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process's own may be hours ahead: nothing is due by it, and no lease is over."""
    first, _later = rows(2)
    Subscription.objects.exclude(pk=first.pk).update(next_try_at=Now() + timedelta(hours=1))
    ahead = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    row = claimed()
    assert (row, QUEUE.claim()) == (first, None)
    QUEUE.put_off(row, 0)
    assert minutes_off(row) == 1


@pytest.mark.django_db
def test_one_broken_row_keeps_no_other_waiting() -> None:
    broken, *others = rows(4)
    met = []

    def work(row: Subscription) -> None:
        met.append(row)
        if row == broken:
            raise ZeroDivisionError
        QUEUE.put_off(row, 0)

    assert due.work(lambda: QUEUE.turn(work), seconds=20) == 4
    assert met == [broken, *others]
    assert [stands(row)[0] for row in (broken, *others)] == [True, False, False, False]
    Subscription.objects.filter(pk=broken.pk).update(lease_until=Now())
    assert due.work(lambda: QUEUE.turn(work), seconds=20) == 1


def test_work_ends_where_nobody_finds_anything() -> None:
    looks: list[str] = []
    turns = iter((True, False, False))

    def other() -> bool:
        looks.append("other")
        return next(turns)

    assert due.work(lambda: bool(looks.append("one")), other, seconds=2) == 1
    assert looks == ["one", "other"] * 2


@pytest.mark.django_db
def test_work_ends_with_its_time() -> None:
    rows(2)
    assert due.work(lambda: QUEUE.turn(QUEUE.release), seconds=0) == 0
    assert stands(Subscription.objects.earliest("pk")) == (False, 0, 0)


# ---- A worker that is told to end ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_worker_that_ends_hands_its_claims_back_and_takes_no_more(
    told_to_end: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction lives in it
    first, second = rows(2)
    Subscription.objects.update(tries=4)
    answers: list[object] = []

    def work(row: Subscription) -> None:
        told_to_end()
        answers.append((stands(row), QUEUE.release(row, name="too late")))

    assert due.work(lambda: QUEUE.turn(work), seconds=20) == 1
    assert answers == [((False, 1, 4), False)]
    assert due.work(lambda: QUEUE.turn(work), seconds=20) == 0
    assert [stands(row) for row in (first, second)] == [(False, 1, 4), (False, 0, 4)]
    assert not QUEUE.turn(work), "one claimed in the very moment goes back too"
    assert stands(first) == (False, 2, 4)
    due._ending.clear()
    assert claimed() == first, "another worker has it at once"


@pytest.mark.django_db(transaction=True)
def test_what_is_being_written_is_not_handed_back() -> None:
    rows(1)
    row = claimed()

    def elsewhere() -> bool:
        try:
            return QUEUE.hand_back(row)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        QUEUE.hold(row)
        assert not pool.submit(elsewhere).result(20)
        QUEUE.release(row, tries=F("tries"), name="written")
    assert (stands(row), Subscription.objects.get().name) == ((False, 1, 1), "written")


def test_what_has_begun_is_not_handed_back_and_what_was_handed_back_does_not_begin() -> None:
    given: list[str] = []
    with due.returnable(lambda: given.append("begun")) as begun, due.returnable(lambda: given.append("idle")) as idle:
        assert begun.begin()
        assert begun.begin()
        assert (begun.give_back(), idle.give_back(), idle.give_back()) == (False, True, False)
        assert not idle.begin()
    assert given == ["idle"]


def test_one_that_cannot_be_handed_back_keeps_no_other(
    told_to_end: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    monkeypatch.setattr(connection, "close", lambda: given.append("left"))

    def fail() -> None:
        given.append("tried")
        raise ZeroDivisionError

    with due.returnable(lambda: given.append("done before")):
        pass
    with due.returnable(fail), due.returnable(lambda: given.append("well")), due.returnable(fail):
        told_to_end()
    assert sorted(given[:-1]) == ["tried", "tried", "well"]
    assert given[-1] == "left", "the thread that ends the process leaves no connection behind"
