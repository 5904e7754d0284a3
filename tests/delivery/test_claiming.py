"""Many are claimed at once, for as many threads as wait: in one transaction, or each by itself where one fails."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts_registry.models import Account
from delivery.actions import Line, claim, send_what_is_due, sending
from delivery.enums import DeliveryState, Trouble
from delivery.models import Attempt, Delivery, Identity, Mark
from delivery.witness import the_witness
from networks.types import AttemptKey, Draft
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import DeliveryFactory, FakeNetwork, FakeOrigin, thaw

pytestmark = pytest.mark.usefixtures("thawed", "origin", "network")


def due(*accounts: Account) -> list[Delivery]:
    """One for each, all due, the first the oldest."""
    return [DeliveryFactory.create(account=account) for account in accounts]


def taken(most: int, passing_over: set[int] | None = None) -> list[Delivery]:
    return claim(most=most, passing_over=set() if passing_over is None else passing_over)


def test_idle_accounts_come_first_with_one_each_and_then_all(thawed: None) -> None:
    loud, calm, shy = (ConnectedAccountFactory.create() for _each in range(3))
    loud_1, loud_2, loud_3, calm_1, shy_1 = due(loud, loud, loud, calm, shy)
    assert taken(4) == [loud_1, calm_1, shy_1]
    assert taken(4) == [loud_2, loud_3]
    assert taken(4) == []


def test_one_transaction_one_count_and_as_many_statements_as_for_one() -> None:
    due(*(ConnectedAccountFactory.create() for _each in range(7)))
    asked = []
    for most in (1, 3, 3):
        with CaptureQueriesContext(connection) as queries:
            claimed = taken(most)
        assert len(claimed) == most
        asked.append(len(queries) - most)  # the state of each is written by itself
    assert asked[0] == asked[1] == asked[2]
    assert list(Attempt.objects.order_by("claim").values_list("claim", flat=True)) == [2, 3, 4, 5, 6, 7, 8]
    assert Identity.objects.get().number == 8
    assert list(Mark.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 5, 8]
    counted = {one.counted for one in claimed}
    assert [(one.stand.number, one.before.number) for one in counted if one] == [(8, 5)]


def test_the_witness_moves_once_for_all_before_any_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    due(*(ConnectedAccountFactory.create() for _each in range(3)))
    line, moved = Line(), []
    move = sending.move
    monkeypatch.setattr(sending, "move", lambda counted: (moved.append(counted), move(counted)))
    line._waiting = 2
    assert line.next() is not None
    stand = the_witness().read().stand
    assert stand is not None
    assert stand.number == 4, "bound as 1, and three counted"
    assert line.next() is not None
    assert len(moved) == 1


def test_one_that_is_being_edited_is_left_and_the_others_are_claimed(origin: FakeOrigin) -> None:
    first, edited, last = due(*(ConnectedAccountFactory.create() for _each in range(3)))

    def answer(delivery: Delivery) -> bool:
        if delivery.pk == edited.pk:
            raise OperationalError("canceling statement due to lock timeout")
        return True

    origin.approved = answer
    passed: set[int] = set()
    assert taken(3, passed) == [first, last]
    assert passed == {edited.pk}
    edited.refresh_from_db()
    assert edited.state == DeliveryState.DUE


def test_one_that_is_not_approved_is_cancelled_and_the_others_are_claimed(origin: FakeOrigin) -> None:
    first, changed, last = due(*(ConnectedAccountFactory.create() for _each in range(3)))
    origin.approved = lambda delivery: delivery.pk != changed.pk
    assert taken(3) == [first, last]
    changed.refresh_from_db()
    assert (changed.state, changed.problem_code) == (DeliveryState.CANCELLED, Trouble.NOT_APPROVED)
    assert origin.told == [(changed.pk, DeliveryState.CANCELLED)]


def test_a_thread_claims_for_those_that_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def claimed(*, most: int, **_more: Any) -> list[Delivery]:
        asked.append(most)
        return [Delivery(pk=number) for number in range(1, most + 1)]

    monkeypatch.setattr(sending, "claim", claimed)
    monkeypatch.setattr(sending, "_witnessed", lambda deliveries: True)
    line = Line()
    with ThreadPoolExecutor(5) as pool:
        with line._claiming:
            waiting = [pool.submit(line.next) for _thread in range(5)]
            while line._waiting < 5:
                time.sleep(0.001)
        found = [one.result(10) for one in waiting]
    assert asked == [5]
    assert sorted(one[0].pk for one in found if one) == [1, 2, 3, 4, 5]


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_the_runs_of_a_process_share_its_threads(settings: Settings, network: FakeNetwork) -> None:
    thaw()
    settings.DELIVERY_THREADS = 2
    due(*(ConnectedAccountFactory.create() for _each in range(5)))
    calling, let_go = threading.Semaphore(0), threading.Event()

    def wait(draft: Draft, key: AttemptKey) -> None:
        calling.release()
        let_go.wait(20)

    network.answers = [wait, wait]
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(send_what_is_due, seconds=20)
        assert calling.acquire(timeout=20)
        assert calling.acquire(timeout=20)
        send_what_is_due(seconds=20)  # finds no thread idle, and goes home
        assert Delivery.objects.filter(state=DeliveryState.DUE).count() == 3
        let_go.set()
        run.result(30)
    assert not Delivery.objects.exclude(state=DeliveryState.PUBLISHED).exists()
