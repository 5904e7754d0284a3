"""What became of a send is written to its own delivery and attempt, by whoever holds its claim, again if need be."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from accounts_registry.models import Account
from delivery.actions import Line, send_next, send_what_is_due, sending, settling
from delivery.actions.claiming import expire_late
from delivery.actions.looking import give_up_stranded, look_for_next
from delivery.enums import DeliveryState, Outcome, Trouble
from delivery.models import Delivery
from networks.errors import AuthExpired, NotApplied, OutcomeUnknown, RateLimited, Unavailable
from networks.types import PostRef
from tests.factories.delivery import DeliveryFactory, FakeNetwork, FakeOrigin, claim_next
from tests.locking import locks_taken

pytestmark = pytest.mark.usefixtures("thawed", "origin", "network")
LINE = "delivery_delivery skipping"


def taken() -> Delivery:
    claimed = claim_next(passing_over=set())
    assert claimed
    return claimed


def outcomes(delivery: Delivery) -> list[str]:
    return [one.outcome for one in delivery.attempts.order_by("epoch")]


# ---- Which rows are held --------------------------------------------------------------------------------------------
def test_each_step_holds_its_row_and_passes_over_what_others_hold() -> None:
    DeliveryFactory.create(due_at=timezone.now() - timedelta(hours=3))
    with locks_taken() as locked:
        expire_late()
    assert LINE in locked
    DeliveryFactory.create()
    with locks_taken() as locked:
        claimed = taken()
    assert LINE in locked
    with locks_taken() as locked:
        assert settling.locked_claim(claimed, DeliveryState.SENDING)
    assert locked == ["delivery_delivery"]
    Delivery.objects.update(lease_until=timezone.now() - timedelta(hours=1))
    with locks_taken() as locked:
        assert give_up_stranded() == 1
    assert LINE in locked
    with locks_taken() as locked:
        assert look_for_next()
    assert LINE in locked


def test_a_claim_gives_the_patience_back_that_the_transaction_had() -> None:
    DeliveryFactory.create()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '7s'")
        taken()
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("7s",)


@pytest.mark.parametrize("error", [OperationalError("lock timeout"), RuntimeError("its room breaks off")])
def test_one_whose_message_cannot_be_told_keeps_no_other_waiting(
    origin: FakeOrigin, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    at = timezone.now() - timedelta(hours=3)
    held, other = DeliveryFactory.create(due_at=at - timedelta(hours=1)), DeliveryFactory.create(due_at=at)

    def settled(delivery: Delivery) -> None:
        if delivery.pk == held.pk:
            raise error

    monkeypatch.setattr(origin, "settled", settled)
    assert expire_late() == 1
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {held.pk: DeliveryState.DUE, other.pk: DeliveryState.EXPIRED}
    over = at - timedelta(hours=1)
    Delivery.objects.filter(pk=held.pk).update(state=DeliveryState.SENDING, epoch=1, lease_until=over)
    Delivery.objects.filter(pk=other.pk).update(state=DeliveryState.SENDING, epoch=1, lease_until=at)
    assert give_up_stranded() == 1
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {held.pk: DeliveryState.SENDING, other.pk: DeliveryState.UNKNOWN}


# ---- Whose result it is ---------------------------------------------------------------------------------------------
def test_a_result_touches_its_own_attempt_alone(network: FakeNetwork, origin: FakeOrigin) -> None:
    one, other = DeliveryFactory.create(), DeliveryFactory.create()
    first, second = taken(), taken()
    assert {first.epoch, second.epoch} == {1}
    settling.settle(delivery=first, edge="retry", outcome=Outcome.LATER)
    assert origin.told == []  # it stands in line as before
    Delivery.objects.filter(pk=first.pk).update(not_before=None)
    again = taken()
    assert (again.pk, again.epoch) == (first.pk, 2)
    settling.settle_published(delivery=again, ref=PostRef("1"))
    assert (outcomes(again), outcomes(second)) == ([Outcome.LATER, Outcome.PUBLISHED], [""])
    assert origin.told == [(first.pk, "published")]
    assert {one.pk, other.pk} == {first.pk, second.pk}


@pytest.mark.parametrize("change", [{"epoch": 2}, {"state": DeliveryState.UNKNOWN}], ids=str)
def test_whose_claim_is_over_changes_nothing(change: dict[str, Any]) -> None:
    DeliveryFactory.create()
    DeliveryFactory.create()
    mine, _others = taken(), taken()
    Delivery.objects.filter(pk=mine.pk).update(unknown_at=timezone.now(), **change)
    settling.hand_back(delivery=mine)
    assert outcomes(mine) == [""]
    assert settling.settle(delivery=mine, edge="fail", outcome=Outcome.REFUSED) is None
    states = set(Delivery.objects.values_list("state", flat=True))
    assert DeliveryState.FAILED not in states
    assert outcomes(mine) == [Outcome.LATE]


@pytest.mark.parametrize("name", ["", "x" * 301, "nul\x00"], ids=["none", "too long", "unprintable"])
def test_a_yes_with_a_name_that_no_network_gives_leaves_it_unknown(name: str) -> None:
    DeliveryFactory.create()
    settled = settling.settle_published(delivery=taken(), ref=PostRef(name))
    assert settled is not None
    assert (settled.state, settled.problem_code) == (DeliveryState.UNKNOWN, Trouble.OUTCOME_UNKNOWN)


def test_a_yes_that_names_the_message_of_another_delivery_leaves_it_unknown() -> None:
    other = DeliveryFactory.create(state=DeliveryState.PUBLISHED, remote_id="1", published_at=timezone.now())
    DeliveryFactory.create(account=other.account)
    settled = settling.settle_published(delivery=taken(), ref=PostRef("1"))
    assert settled is not None
    assert (settled.state, settled.problem_code) == (DeliveryState.UNKNOWN, Trouble.TAKEN)


@pytest.mark.parametrize("version", ["x" * 201, "nul\x00"], ids=["too long", "unprintable"])
def test_a_version_that_cannot_be_kept_is_left_out(version: str) -> None:
    told = settling.publication(PostRef("1", cid=version), timezone.now())
    assert (told["remote_id"], told["remote_cid"]) == ("1", "")


def test_a_message_is_taken_by_another_delivery_of_the_same_account_alone() -> None:
    mine = DeliveryFactory.create(state=DeliveryState.PUBLISHED, remote_id="1", published_at=timezone.now())
    assert not settling.is_taken(mine, PostRef("1"))
    assert not settling.is_taken(DeliveryFactory.create(), PostRef("1"))
    assert not settling.is_taken(DeliveryFactory.create(account=mine.account), PostRef("2"))
    assert settling.is_taken(DeliveryFactory.create(account=mine.account), PostRef("1"))


def test_a_result_is_written_again_after_a_lost_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    anew = Mock()
    monkeypatch.setattr(settling.connection, "close_if_unusable_or_obsolete", anew, raising=False)
    write = Mock(side_effect=[OperationalError("gone"), InterfaceError("closed"), None])
    settling.retry_on_lost_connection(write)
    assert (write.call_count, anew.call_count, waits) == (3, 2, [0.1, 0.2])


# ---- The line goes on -----------------------------------------------------------------------------------------------
def test_a_token_that_cannot_be_kept_fresh_calls_nobody(network: FakeNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = DeliveryFactory.create()
    monkeypatch.setattr(sending, "keep_fresh", Mock(side_effect=Unavailable("503")))
    send_next(Line())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem_code, network.calls) == (DeliveryState.DUE, Unavailable.code, [])


@pytest.mark.parametrize(
    ("error", "unreachable"), [(None, False), (Unavailable("503"), True), (RateLimited(timezone.now()), False)], ids=str
)
def test_whether_the_network_answered_is_noted(network: FakeNetwork, error: NotApplied, unreachable: bool) -> None:
    delivery = DeliveryFactory.create()
    if error is None:
        Account.objects.update(unreachable_since=timezone.now())
    network.answers = [error]
    send_next(Line())
    delivery.account.refresh_from_db()
    assert (delivery.account.unreachable_since is not None) is unreachable


@pytest.mark.parametrize(("error", "told"), [(OutcomeUnknown("timeout"), False), (KeyError("x"), True)], ids=str)
def test_a_fault_of_ours_is_logged_as_one(
    network: FakeNetwork, error: Exception, told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    DeliveryFactory.create()
    network.answers = [error]
    send_next(Line())
    assert any(one.levelno == logging.ERROR for one in caplog.records) is told


def test_a_run_ends_with_its_time_and_with_its_line(monkeypatch: pytest.MonkeyPatch, network: FakeNetwork) -> None:
    DeliveryFactory.create()
    send_what_is_due(seconds=0)
    assert network.calls == []
    asked = Mock(return_value=False)
    monkeypatch.setattr(sending, "send_next", asked)
    send_what_is_due(seconds=0.5)
    assert asked.call_count == 1


def test_what_breaks_in_a_thread_is_told_and_its_connection_closed(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DELIVERY_THREADS = 2
    DeliveryFactory.create_batch(2)
    closed = Mock()
    monkeypatch.setattr(sending, "connection", closed)
    monkeypatch.setattr(sending, "_work", Mock(side_effect=AuthExpired))
    with pytest.raises(AuthExpired):
        send_what_is_due(seconds=5)
    assert closed.close.call_count == 2
