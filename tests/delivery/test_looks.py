"""A look for what is uncertain: what it writes is of one delivery, and gives way to whoever resolved it meanwhile."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from unittest.mock import Mock

import pytest
from django.utils import timezone

from accounts_registry.enums import ConnectionState
from accounts_registry.models import Account
from delivery.actions import give_up_stranded, look_for_next, look_for_the_unknown, looking
from delivery.enums import DeliveryState, Outcome, Trouble
from delivery.models import Attempt, Delivery
from networks.errors import Unavailable
from networks.types import AttemptKey, Draft, Finding, PostRef, Presence
from organisation.clock import database_now
from tests.factories.delivery import ANSWER, DeliveryFactory, FakeNetwork, FakeOrigin

pytestmark = pytest.mark.usefixtures("thawed", "origin", "network")


def lost(since: datetime | None = None, **facts: object) -> Delivery:
    """One of which nobody knows what became of it."""
    at = since or timezone.now()
    return DeliveryFactory.create(
        state=DeliveryState.UNKNOWN, epoch=1, unknown_at=at, first_attempt_at=at, problem_code="timeout", **facts
    )


def stranded() -> Delivery:
    return DeliveryFactory.create(
        state=DeliveryState.SENDING, epoch=2, lease_until=timezone.now() - timedelta(seconds=1)
    )


def problems(*deliveries: Delivery) -> list[str]:
    return [Delivery.objects.get(pk=one.pk).problem_code for one in deliveries]


def look() -> None:
    Delivery.objects.update(not_before=None)
    assert look_for_next()


def test_a_look_says_when_it_looks_by_the_clock_of_the_send(
    network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker's clock runs an hour ahead: the database's goes along, and the message is not held for absent early."""
    lost(timezone.now())
    began = database_now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: began + timedelta(hours=1))
    look()
    ((_draft, key),) = network.looks
    assert key.looked_at is not None
    assert began <= key.looked_at <= database_now()


def test_what_was_stranded_ends_its_own_open_attempt_and_its_origin_hears_of_it(origin: FakeOrigin) -> None:
    one = stranded()
    other = DeliveryFactory.create(
        state=DeliveryState.SENDING, epoch=2, lease_until=timezone.now() + timedelta(minutes=5)
    )
    for number, (delivery, epoch) in enumerate([(one, 1), (one, 2), (other, 2)]):
        Attempt.objects.create(delivery=delivery, epoch=epoch, started_at=timezone.now(), claim=1000 + number)
    assert give_up_stranded() == 1
    outcomes = Attempt.objects.order_by("claim").values_list("outcome", flat=True)
    assert list(outcomes) == ["", Outcome.UNKNOWN, ""]
    assert origin.told == [(one.pk, "unknown")]


def test_an_answer_that_came_while_it_was_given_up_stays_on_record() -> None:
    one = stranded()
    Attempt.objects.create(
        delivery=one, epoch=2, started_at=timezone.now(), claim=1, outcome=Outcome.LATE, detail="https://x.example/1"
    )
    assert give_up_stranded() == 1
    assert one.attempts.get().outcome == Outcome.LATE


def test_what_nobody_speaks_for_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    stranded()
    lost()
    monkeypatch.setattr(looking, "registered", lambda: [ANSWER])
    assert give_up_stranded() == 0
    assert not look_for_next()


def test_the_pause_grows_with_the_wait_and_is_of_one_delivery() -> None:
    old, fresh = lost(timezone.now() - timedelta(minutes=4)), lost()
    assert look_for_next()
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert fresh.not_before is None
    assert timedelta(minutes=1) < old.not_before - timezone.now() <= timedelta(minutes=2, seconds=30)


@pytest.mark.parametrize("finding", [Finding(Presence.UNCERTAIN, PostRef("1")), Finding(Presence.PRESENT)], ids=str)
def test_what_is_not_both_there_and_named_is_not_found(network: FakeNetwork, finding: Finding) -> None:
    one = lost()
    network.findings = [finding]
    look()
    assert problems(one) == [Trouble.NOT_SURE]


def test_why_it_could_not_be_looked_for_is_said_of_that_one_alone(
    network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, one = lost(timezone.now() + timedelta(hours=1)), lost()
    Delivery.objects.filter(pk=other.pk).update(not_before=timezone.now() + timedelta(hours=1))

    def turn() -> list[str]:
        Delivery.objects.filter(pk=one.pk).update(not_before=None)
        assert look_for_next()
        return problems(one, other)

    monkeypatch.setattr(looking, "keep_fresh", Mock(side_effect=Unavailable))
    assert turn() == [Trouble.NOT_SURE, "timeout"]
    monkeypatch.undo()
    Account.objects.update(connection_state=ConnectionState.DISCONNECTED)
    assert turn() == [Trouble.NOT_CONNECTED, "timeout"]
    Account.objects.update(connection_state=ConnectionState.CONNECTED)
    Delivery.objects.filter(pk=one.pk).update(content={**one.content, "text": "Else"})
    assert turn() == [Trouble.NOT_APPROVED, "timeout"]
    assert network.looks == []


def test_credentials_that_do_not_open_are_a_broken_connection() -> None:
    one = lost()
    one.account.credentials.update(key_id="lost")
    look()
    one.account.refresh_from_db()
    assert (one.account.connection_state, problems(one)) == (ConnectionState.BROKEN, [Trouble.NOT_CONNECTED])


@pytest.mark.parametrize("presence", [Presence.ABSENT, Presence.UNCERTAIN])
def test_who_resolved_it_during_the_look_has_the_last_word(
    network: FakeNetwork, presence: Presence, caplog: pytest.LogCaptureFixture
) -> None:
    one = lost()

    def meanwhile(_draft: Draft, _key: AttemptKey) -> Finding:
        Delivery.objects.update(state=DeliveryState.CANCELLED, problem_code="withdrawn")
        return Finding(presence)

    network.findings = [meanwhile]
    look()
    one.refresh_from_db()
    assert (one.state, one.problem_code) == (DeliveryState.CANCELLED, "withdrawn")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_run_gives_up_what_is_stranded_and_looks_as_long_as_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    one = stranded()
    asked = Mock(return_value=False)
    monkeypatch.setattr(looking, "look_for_next", asked)
    look_for_the_unknown(seconds=0)
    one.refresh_from_db()
    assert (one.state, asked.call_count) == (DeliveryState.UNKNOWN, 0)
    look_for_the_unknown(seconds=0.5)
    assert asked.call_count == 1
    monkeypatch.setattr(looking, "agrees", lambda: False)
    look_for_the_unknown(seconds=0.5)
    assert asked.call_count == 1  # a copy does not look
