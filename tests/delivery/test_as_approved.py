"""What is sent is what was approved: the content itself is hashed, in the claim and again before the call."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from delivery.actions import Line, end_deliveries, look_for_next, reconfirm_delivery, resolve_unknown, send_next
from delivery.content import freeze
from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, Trouble
from delivery.models import Delivery
from organisation.actions import offered
from organisation.lifecycle import Refused
from tests.factories.delivery import ANSWER, POST, DeliveryFactory, FakeNetwork, FakeOrigin, claim_next
from tests.factories.organisation import person_with

pytestmark = pytest.mark.usefixtures("thawed")


def smuggle(delivery: Delivery, **changes: Any) -> None:
    """Rewrites what it holds, and leaves its hash alone."""
    Delivery.objects.filter(pk=delivery.pk).update(content={**delivery.content, **changes})


def test_a_content_that_changed_under_its_hash_is_not_claimed(origin: FakeOrigin, network: FakeNetwork) -> None:
    delivery = DeliveryFactory.create()
    smuggle(delivery, text="Something else")

    assert send_next(Line()) is False
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.NOT_APPROVED)
    assert network.calls == []


def test_a_content_that_changed_after_the_claim_is_not_sent(
    origin: FakeOrigin, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = DeliveryFactory.create()
    opened = network.acting_as

    def meanwhile(account: Any) -> FakeNetwork:
        smuggle(delivery, text="Something else")
        return opened(account)

    monkeypatch.setattr(network, "acting_as", meanwhile)
    send_next(Line())
    send_next(Line())

    delivery.refresh_from_db()
    assert network.calls == []
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.NOT_APPROVED)


def test_a_file_swapped_after_the_claim_stops_the_write(
    origin: FakeOrigin, network: FakeNetwork, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a.png").write_bytes(b"approved")
    medium = {"path": "a.png", "mime": "image/png", "alt": "x"}
    content, digest = freeze({"text": "Bonjour", "language": "fr", "media": [medium]})
    DeliveryFactory.create(content=content, content_hash=digest)
    wanted = []

    def swapped(draft: Any, attempt: Any) -> None:
        wanted.append(attempt.still_wanted())
        (tmp_path / "a.png").write_bytes(b"another")
        wanted.append(attempt.still_wanted())

    network.answers = [swapped]
    send_next(Line())
    assert wanted == [True, False]


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.EXPIRED])
def test_an_altered_content_gets_no_new_time(origin: FakeOrigin, state: str) -> None:
    delivery = DeliveryFactory.create(state=state)
    by = person_with("communication_cell", delivery.unit)
    assert "reconfirm" in names(delivery, by)
    smuggle(delivery, text="Something else")
    delivery.refresh_from_db()

    assert "reconfirm" not in names(delivery, by)
    with pytest.raises(Refused):
        reconfirm_delivery(delivery=delivery, by=by, due_at=timezone.now() + timedelta(hours=1))
    delivery.refresh_from_db()
    assert delivery.state == state


def names(delivery: Delivery, by: Any) -> set[str]:
    return {edge.name for edge in offered(DELIVERY_LIFECYCLE, delivery, by)}


def test_an_uncertain_one_that_was_altered_is_neither_looked_for_nor_sent_again(
    origin: FakeOrigin, network: FakeNetwork
) -> None:
    now = timezone.now()
    delivery = DeliveryFactory.create(
        state=DeliveryState.UNKNOWN, unknown_at=now, first_attempt_at=now, problem_code="outcome_unknown"
    )
    smuggle(delivery, text="Something else")
    delivery.refresh_from_db()
    by = person_with("communication_cell", delivery.unit)

    assert look_for_next() is True
    assert network.looks == []
    with pytest.raises(Refused):
        resolve_unknown(delivery=delivery, by=by, verdict="look_again", reason="It is not there")
    resolved = resolve_unknown(delivery=delivery, by=by, verdict="give_up", reason="It is not there")
    assert resolved.state == DeliveryState.CANCELLED


# ---- An answer never loses what it answers --------------------------------------------------------------------------
@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.UNKNOWN])
def test_an_answer_without_a_parent_is_never_put_in_line_again(db: None, state: str) -> None:
    now = timezone.now()
    delivery = DeliveryFactory.create(state=state, origin_kind=ANSWER, unknown_at=now, first_attempt_at=now)
    bare, digest = freeze({**delivery.content, "reply_to": None, "reply_root": None})
    Delivery.objects.filter(pk=delivery.pk).update(content=bare, content_hash=digest)
    delivery.refresh_from_db()
    by = person_with("conversation_manager", delivery.unit)

    assert not {"reconfirm"} & names(delivery, by)
    again = {"delivery": delivery, "by": by, "due_at": now + timedelta(hours=1)}
    decided = {"delivery": delivery, "by": by, "verdict": "look_again", "reason": "It is not there"}
    with pytest.raises(Refused):
        resolve_unknown(**decided) if state == DeliveryState.UNKNOWN else reconfirm_delivery(**again)


@pytest.mark.parametrize("facts", [{"state": DeliveryState.DUE}, {"state": DeliveryState.SENDING, "epoch": 1}])
def test_the_database_keeps_no_answer_in_line_that_answers_nothing(db: None, facts: dict[str, Any]) -> None:
    bare, digest = freeze({"text": "Bonjour", "language": "fr"})
    with pytest.raises(IntegrityError, match="reply_knows_its_parent"), transaction.atomic():
        DeliveryFactory.create(
            origin_kind=ANSWER,
            content=bare,
            content_hash=digest,
            lease_until=timezone.now(),
            **facts,
        )


@pytest.mark.parametrize("kind", ["", "Post", "two words", "answer; --", "a" * 21])
def test_the_database_keeps_no_kind_that_no_room_could_register(db: None, kind: str) -> None:
    delivery = DeliveryFactory.create()
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(origin_kind=kind)


# ---- What is over is over -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [DeliveryState.DUE, DeliveryState.FAILED, DeliveryState.EXPIRED])
def test_what_was_not_sent_is_ended_for_good(origin: FakeOrigin, network: FakeNetwork, state: str) -> None:
    delivery = DeliveryFactory.create(state=state)
    assert end_deliveries(origin_kind=POST, origin_ids=[delivery.origin_id], trouble=Trouble.ERASED)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem_code) == (DeliveryState.CANCELLED, Trouble.ERASED)
    assert claim_next(passing_over=set()) is None


@pytest.mark.parametrize(("hours", "ended"), [(1, False), (25, True)])
def test_an_uncertain_one_is_looked_for_for_a_day_first(db: None, hours: int, ended: bool) -> None:
    since = timezone.now() - timedelta(hours=hours)
    delivery = DeliveryFactory.create(state=DeliveryState.UNKNOWN, unknown_at=since, first_attempt_at=since)
    told = end_deliveries(origin_kind=POST, origin_ids=[delivery.origin_id], trouble=Trouble.ERASED)
    delivery.refresh_from_db()
    assert (told, delivery.state == DeliveryState.CANCELLED) == (ended, ended)


def test_one_that_is_being_sent_keeps_the_others_too(db: None) -> None:
    due = DeliveryFactory.create()
    sending = DeliveryFactory.create(state=DeliveryState.SENDING, epoch=1, lease_until=timezone.now())
    ids = [due.origin_id, sending.origin_id]
    assert not end_deliveries(origin_kind=POST, origin_ids=ids, trouble=Trouble.ERASED)
    due.refresh_from_db()
    assert due.state == DeliveryState.DUE


# ---- Whoever stood for it still may ---------------------------------------------------------------------------------
def test_what_nobody_stands_for_any_more_stops_and_says_so(origin: FakeOrigin, network: FakeNetwork) -> None:
    delivery = DeliveryFactory.create()
    origin.backs = False
    assert send_next(Line()) is False
    delivery.refresh_from_db()
    assert network.calls == []
    assert (delivery.state, delivery.problem_code) == (DeliveryState.FAILED, Trouble.BACKING_LOST)
    assert origin.told == [(delivery.pk, DeliveryState.FAILED)]


def test_who_loses_the_right_while_it_is_being_sent_stops_the_write(origin: FakeOrigin, network: FakeNetwork) -> None:
    DeliveryFactory.create()
    wanted = []

    def lost(draft: Any, attempt: Any) -> None:
        wanted.append(attempt.still_wanted())
        origin.backs = False
        wanted.append(attempt.still_wanted())

    network.answers = [lost]
    send_next(Line())
    assert wanted == [True, False]
