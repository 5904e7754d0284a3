"""Real transactions against each other: two senders, an edit and a freeze in the way of a send."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from delivery.actions import cancel_deliveries, place_hold, send_what_is_due
from delivery.enums import DeliveryState, HoldScope
from delivery.models import Delivery
from networks.types import AttemptKey, Draft, PostRef
from organisation.audit import acting
from organisation.lifecycle import Conflict
from organisation.models import AuditEvent, Person
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import POST, DeliveryFactory, FakeNetwork, FakeOrigin, claim_next, thaw
from tests.factories.organisation import person_with

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ready(transactional_db: None, origin: FakeOrigin, network: FakeNetwork) -> None:
    thaw()


def alone(work: Callable[[], Any]) -> Callable[[], Any]:
    """`work` in a thread, with a connection that is closed after it."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return run


def together(*works: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result(30) for one in [pool.submit(alone(work)) for work in works]]


@pytest.mark.longer
def test_many_senders_send_each_message_once(network: FakeNetwork, settings: Settings) -> None:
    settings.DELIVERY_THREADS = 3
    account = ConnectedAccountFactory.create()
    for number in range(20):
        DeliveryFactory.create(account=account, text=f"Message {number}")
    together(*[lambda: send_what_is_due(seconds=20)] * 2)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.PUBLISHED}
    assert set(Counter(draft.text for draft, _key in network.calls).values()) == {1}
    assert len(network.calls) == 20
    sequence = list(AuditEvent.objects.order_by("sequence").values_list("sequence", flat=True))
    assert len(set(sequence)) == len(sequence) == 40


def test_two_claims_take_two_rows() -> None:
    account = ConnectedAccountFactory.create()
    DeliveryFactory.create(account=account)
    DeliveryFactory.create(account=account)
    claimed = together(*[lambda: claim_next(passing_over=set())] * 3)
    taken = [delivery.pk for delivery in claimed if delivery]
    assert len(taken) == len(set(taken)) == 2


def test_a_claim_lets_an_edit_that_was_first_pass(origin: FakeOrigin) -> None:
    """The editor locks the message and then wants the delivery; the claim holds the delivery and wants the message."""
    delivery = DeliveryFactory.create()
    by: Person = person_with("communication_cell", delivery.unit)

    def lock_message(of: Delivery) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM organisation_person WHERE id = %s FOR UPDATE", [by.pk])
        return True

    origin.approved = lock_message
    edited, claiming = threading.Event(), threading.Event()

    def edit() -> None:
        with acting():
            lock_message(delivery)
            edited.set()
            claiming.wait(10)
            cancel_deliveries(origin_kind=POST, origin_ids=[delivery.origin_id], by=by, reason="Edited")

    def claim() -> Delivery | None:
        edited.wait(10)
        threading.Timer(0.05, claiming.set).start()
        return claim_next(passing_over=set())

    _none, claimed = together(edit, claim)
    delivery.refresh_from_db()
    assert claimed is None
    assert delivery.state == DeliveryState.CANCELLED


@pytest.mark.longer
def test_edits_racing_sends_never_let_an_unapproved_text_out(origin: FakeOrigin, network: FakeNetwork) -> None:
    """R11: the approval of each message is withdrawn while senders are at it."""
    account = ConnectedAccountFactory.create()
    by = person_with("communication_cell", account.unit)
    deliveries = [DeliveryFactory.create(account=account, text=f"Message {number}") for number in range(30)]

    def withdraw() -> list[int]:
        stopped = []
        for delivery in reversed(deliveries):
            try:
                cancel_deliveries(origin_kind=POST, origin_ids=[delivery.origin_id], by=by, reason="x")
            except Conflict:
                continue
            stopped.append(delivery.pk)
        return stopped

    _one, _two, stopped = together(lambda: send_what_is_due(seconds=20), lambda: send_what_is_due(seconds=20), withdraw)
    sent = {draft.text for draft, _key in network.calls}
    assert not sent & {delivery.text for delivery in deliveries if delivery.pk in stopped}
    assert len(sent) + len(stopped) == len(deliveries)
    assert len(network.calls) == len(sent)


@pytest.mark.longer
def test_nothing_leaves_after_a_freeze_is_placed(network: FakeNetwork) -> None:
    """S8: what is on its way finishes; no call begins later."""
    account = ConnectedAccountFactory.create()
    cell = person_with("crisis_cell", account.unit)
    for _number in range(30):
        DeliveryFactory.create(account=account)
    begun: list[Any] = []
    network.answers = [lambda draft, key: begun.append(timezone.now())] * 30

    def freeze() -> Any:
        while len(begun) < 3:
            pass
        place_hold(scope=HoldScope.ORGANISATION, reason="Fire", by=cell)
        return timezone.now()

    _sender, frozen = together(lambda: send_what_is_due(seconds=20), freeze)
    after = [moment for moment in begun if moment > frozen]
    assert len(after) <= 1  # the one that had passed its last look
    assert Delivery.objects.filter(state=DeliveryState.DUE).count() == 30 - len(begun)


def test_a_claim_between_the_two_looks_of_a_withdrawal_is_a_conflict(origin: FakeOrigin) -> None:
    """The very window: nothing was beyond recall at the first look, nothing is left in line at the second."""
    delivery = DeliveryFactory.create()
    by = person_with("communication_cell", delivery.unit)
    claimed: list[int] = []

    def claim_after_the_first_look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if not claimed and sql.startswith("SELECT") and 'FROM "delivery_delivery"' in sql:
            claimed.append(delivery.pk)
            sending = {"state": DeliveryState.SENDING, "epoch": 1, "lease_until": timezone.now()}
            Delivery.objects.filter(pk=delivery.pk).update(**sending)
        return answer

    with connection.execute_wrapper(claim_after_the_first_look), pytest.raises(Conflict):
        cancel_deliveries(origin_kind=POST, origin_ids=[delivery.origin_id], by=by, reason="x")
    assert claimed == [delivery.pk]


def test_a_connection_that_died_while_a_film_was_carried_over_stops_nothing(network: FakeNetwork) -> None:
    """It lay idle for minutes. Older than a connection may be, it is made anew before it is asked."""
    delivery = DeliveryFactory.create()

    def carry_over(_draft: Draft, key: AttemptKey) -> PostRef:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (mine,) = cursor.fetchone()
        together(lambda: connection.cursor().execute("SELECT pg_terminate_backend(%s)", [mine]))
        connection.close_at = time.monotonic()
        assert key.still_wanted()
        return PostRef("film-1")

    network.answers = [carry_over]
    send_what_is_due(seconds=5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id) == (DeliveryState.PUBLISHED, "film-1")
