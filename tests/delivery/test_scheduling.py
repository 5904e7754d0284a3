"""Into the line and out of it: who may, what is refused, and that a broker that is down harms nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts_registry.models import Account
from delivery.actions import Line, cancel_deliveries, reconfirm_delivery, schedule_delivery, send_next
from delivery.content import content_hash, freeze
from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.queries import not_gone_out
from organisation.clock import database_now
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from organisation.queries import story
from tests.factories.accounts_registry import AccountFactory, ConnectedAccountFactory
from tests.factories.delivery import ANSWER, POST, DeliveryFactory, FakeNetwork, FakeOrigin, said
from tests.factories.organisation import person_with

pytestmark = pytest.mark.usefixtures("thawed", "origin")

CONTENT, HASH = freeze({"text": "Bonjour", "language": "fr"})


@pytest.fixture
def account(db: None) -> Account:
    return ConnectedAccountFactory.create()


@pytest.fixture
def cell(account: Account) -> Person:
    return person_with("communication_cell", account.unit)


def schedule(account: Account, by: Person, **facts: object) -> Delivery:
    given = {"origin_kind": POST, "origin_id": 7, "content": CONTENT, "due_at": timezone.now()} | facts
    return schedule_delivery(account=account, message_unit=account.unit, by=by, **given)


def test_what_is_scheduled_is_frozen_and_on_record(account: Account, cell: Person) -> None:
    delivery = schedule(account, cell)
    assert (delivery.content_hash, delivery.state, delivery.unit) == (HASH, DeliveryState.DUE, account.unit)
    [event] = story(delivery)
    assert (event.verb, event.details["hash"]) == ("delivery.scheduled", HASH)


@pytest.mark.parametrize(
    ("role", "kind", "allowed"),
    [
        ("communication_cell", POST, True),
        ("newcomer", POST, False),
        ("conversation_manager", POST, False),
        ("conversation_manager", ANSWER, True),
        ("communication_cell", ANSWER, False),
    ],
)
def test_each_kind_takes_its_own_permission(account: Account, role: str, kind: str, allowed: bool) -> None:
    by = person_with(role, account.unit)
    content = freeze(said("Bonjour", kind))[0]
    if allowed:
        made = schedule(account, by, origin_kind=kind, content=content)
        assert (made.origin_kind, made.is_reply) == (kind, kind == ANSWER)
    else:
        with pytest.raises(PermissionDenied):
            schedule(account, by, origin_kind=kind, content=content)


def test_an_answer_to_nothing_is_not_taken_in(account: Account) -> None:
    with pytest.raises(Refused):
        schedule(account, person_with("conversation_manager", account.unit), origin_kind=ANSWER)


def test_an_account_that_cannot_publish_is_refused(cell: Person, account: Account) -> None:
    disconnected = AccountFactory.create(unit=account.unit)
    with pytest.raises(Refused):
        schedule(disconnected, cell)


@pytest.mark.parametrize("state", ["due", "published", "unknown"])
def test_one_origin_has_one_live_delivery(account: Account, cell: Person, state: str) -> None:
    DeliveryFactory.create(account=account, origin_id=7, state=DeliveryState.CANCELLED)
    DeliveryFactory.create(account=account, origin_id=6)
    first = DeliveryFactory.create(account=account, origin_id=7)
    Delivery.objects.filter(pk=first.pk).update(state=state, remote_id="1", published_at=timezone.now())
    with pytest.raises(Conflict) as conflict:
        schedule(account, cell)
    assert conflict.value.thing == first


def test_what_else_the_database_refuses_is_no_conflict(account: Account, cell: Person) -> None:
    with pytest.raises(IntegrityError, match="origin_id"):
        schedule(account, cell, origin_id=None)


def test_an_origin_whose_delivery_failed_can_be_scheduled_anew(account: Account, cell: Person) -> None:
    failed = DeliveryFactory.create(account=account, origin_id=7, state=DeliveryState.FAILED)
    assert list(not_gone_out(cell)) == [failed]
    schedule(account, cell)
    assert not not_gone_out(cell).exists()
    with pytest.raises(Refused):
        reconfirm_delivery(delivery=failed, by=cell, due_at=timezone.now() + timedelta(hours=1))


def test_a_worker_is_woken_for_what_is_due_now_only(
    account: Account,
    cell: Person,
    woken: list[str],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        schedule(account, cell)
        later = {"content": freeze({"text": "Bonsoir"})[0], "due_at": timezone.now() + timedelta(hours=1)}
        schedule(account, cell, origin_id=8, **later)
    assert woken == ["delivery.tasks.send_due"]
    failed = DeliveryFactory.create(account=account, state=DeliveryState.FAILED)
    at = database_now()
    monkeypatch.setattr("delivery.actions.scheduling.database_now", lambda: at)
    with django_capture_on_commit_callbacks(execute=True):
        reconfirm_delivery(delivery=failed, by=cell, due_at=at)
    assert woken == ["delivery.tasks.send_due"] * 2


def test_a_broker_that_is_down_fails_nobody(
    account: Account, cell: Person, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    def down(name: str, **options: object) -> None:
        raise OperationalError

    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        delivery = schedule(account, cell)
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.DUE


def test_withdrawing_takes_all_or_nothing(account: Account, cell: Person, network: FakeNetwork) -> None:
    one, two = (DeliveryFactory.create(account=account, origin_id=number) for number in (1, 2))
    cancelled = cancel_deliveries(origin_kind=POST, origin_ids=[1], by=cell, reason="Wrong date")
    assert [delivery.pk for delivery in cancelled] == [one.pk]
    assert story(one)[0].details["reason"] == "Wrong date"
    three = DeliveryFactory.create(account=account, origin_id=3)
    send_next(Line())
    two.refresh_from_db()
    assert two.state == DeliveryState.PUBLISHED
    with pytest.raises(Conflict):
        cancel_deliveries(origin_kind=POST, origin_ids=[3, 2], by=cell, reason="Too late")
    with pytest.raises(Conflict):
        cancel_deliveries(origin_kind=POST, origin_ids=[2], by=cell, reason="Too late")
    three.refresh_from_db()
    assert three.state == DeliveryState.DUE


def test_withdrawing_stays_with_its_kind_and_the_system_takes_only_what_is_due(account: Account, cell: Person) -> None:
    answer = DeliveryFactory.create(account=account, origin_kind=ANSWER, origin_id=1)
    due, failed = (
        DeliveryFactory.create(account=account, origin_id=1),
        DeliveryFactory.create(account=account, origin_id=2, state=DeliveryState.FAILED),
    )
    facts = {"origin_kind": POST, "origin_ids": [1, 2], "reason": "Ended"}
    assert [one.pk for one in cancel_deliveries(by=None, **facts)] == [due.pk]
    assert [one.pk for one in cancel_deliveries(by=cell, **facts)] == [failed.pk]
    answer.refresh_from_db()
    assert answer.state == DeliveryState.DUE


def test_a_new_time_is_a_new_send(account: Account, cell: Person, origin: FakeOrigin) -> None:
    failed = DeliveryFactory.create(
        account=account, state=DeliveryState.FAILED, tries=3, first_attempt_at=timezone.now()
    )
    key = failed.key
    due_at = timezone.now() + timedelta(hours=1)
    reconfirm_delivery(delivery=failed, by=cell, due_at=due_at)
    failed.refresh_from_db()
    assert (failed.state, failed.due_at, failed.tries, failed.first_attempt_at) == ("due", due_at, 0, None)
    assert failed.key != key
    assert origin.told == [(failed.pk, "due")]
    with pytest.raises(Refused) as refused:
        reconfirm_delivery(delivery=failed, by=cell, due_at=timezone.now() - timedelta(hours=1))
    assert refused.value.field == "due_at"


def test_the_hash_is_of_what_is_sent_and_of_nothing_else() -> None:
    assert freeze(CONTENT) == (CONTENT, HASH)
    assert content_hash(CONTENT) == HASH
    assert content_hash(dict(reversed(CONTENT.items()))) == HASH
    for change in ({"text": "Bonsoir"}, {"language": "nl"}, {"link": "https://x.example"}, {"title": "T"}):
        assert freeze(CONTENT | change)[1] != HASH
    picture = {"path": "absent.png", "mime": "image/png", "alt": "a"}
    with_picture = freeze(CONTENT | {"media": [picture]})
    assert freeze(with_picture[0]) == with_picture
    assert freeze(CONTENT | {"media": [picture | {"alt": "b"}]})[1] != with_picture[1]
    assert freeze(CONTENT | {"reply_to": {"id": "1"}})[1] != HASH
