"""When the working time changes, the deadlines of open conversations follow, and those of no others."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conversations.actions import recount_what_is_due, recounting
from conversations.models import Conversation, Recount
from conversations.queries.notices import STUCK
from conversations.queries.recounts import MOST_TRIES
from notices.actions.looking import compare
from notices.models import Notice
from organisation.actions import add_closure, update_unit
from organisation.models import AuditEvent, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Brussels")
ASKED = datetime(2026, 5, 13, 11, tzinfo=ZONE)  # Ascension Day is the day after


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "SETTLES", recounting.SETTLES * 0)


def close(unit: Unit) -> None:
    add_closure(unit=unit, by=None, names={"fr": "Jour de pont"}, first=date(2026, 5, 15), last=date(2026, 5, 15))


def asked_in(unit: Unit, **facts: object) -> Conversation:
    account = ConnectedAccountFactory.create(unit=unit)
    return ConversationFactory.create(account=account, clock_started_at=ASKED, **facts)


def due(conversation: Conversation) -> str:
    conversation.refresh_from_db()
    return f"{conversation.deadline:%d %H:%M}" if conversation.deadline else ""


def test_open_deadlines_follow_a_closure_in_its_unit_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    root = UnitFactory.create()
    here, beside = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    open_ones = [asked_in(here) for _ in range(3)]
    emergency = asked_in(here, category="emergency", deadline=ASKED)
    answered = asked_in(here, state="answered", answered_at=ASKED)
    other = asked_in(beside)
    close(here)
    assert due(open_ones[0]) == "15 09:00"  # nothing moves before the worker comes
    assert recount_what_is_due(seconds=10) == 1
    assert {due(one) for one in open_ones} == {"18 09:00"}
    assert [due(one) for one in (emergency, answered, other)] == ["13 09:00", "15 09:00", "15 09:00"]
    event = AuditEvent.objects.get(verb="unit.deadlines_moved")
    assert (event.details, event.object_id) == ({"conversations": 3}, str(here.pk))
    assert not Recount.objects.exists()


def test_another_zone_moves_them_too() -> None:
    root = UnitFactory.create()
    asked = asked_in(root)
    update_unit(unit=root, by=person_with("administrator", root), time_zone="America/New_York")
    recount_what_is_due(seconds=10)
    assert due(asked) == "15 13:00"  # 5:00 in New York, so from its opening at 9:00, a working day later


def test_many_cost_the_same_few_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    root = UnitFactory.create()
    for count in (1, 3):
        for _ in range(count):
            asked_in(root, deadline=ASKED)
        close(root)
        row = Recount.objects.select_related("unit").get()
        Recount.objects.filter(pk=row.pk).update(lease_until=datetime(2100, 1, 1, tzinfo=ZONE))
        row.refresh_from_db()
        with django_assert_num_queries(9):
            recounting._recount(row)


@pytest.mark.longer
def test_what_is_closed_meanwhile_stands_beside_the_deadline(client: Client) -> None:
    root = UnitFactory.create()
    conversation = MentionFactory.create(conversation=asked_in(root)).conversation
    client.force_login(person_with("conversation_manager", root))
    page = reverse("conversations:conversation", args=[conversation.pk])
    assert "Jour de pont" not in client.get(page).content.decode()
    close(root)
    recount_what_is_due(seconds=10)
    assert "Jour de pont" in client.get(page).content.decode()


def come_due() -> None:
    Recount.objects.update(due_at=ASKED)


def told() -> list[str]:
    compare(STUCK)
    return [one.told for one in Notice.objects.filter(kind=STUCK.key, settled_at__isnull=True)]


@pytest.mark.longer
def test_what_breaks_off_is_tried_a_bounded_number_of_times_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    root = UnitFactory.create()
    person_with("administrator", root)
    asked, tries = asked_in(root), []

    def broken(_found: object) -> int:
        tries.append(1)
        raise ValueError("odd")

    move = recounting._move
    monkeypatch.setattr(recounting, "_move", broken)
    close(root)
    recount_what_is_due(seconds=10)
    assert (len(tries), told()) == (1, []), "a blip"
    recount_what_is_due(seconds=10)
    assert len(tries) == 1, "not at once again"
    for _ in range(30):
        come_due()
        recount_what_is_due(seconds=10)
    assert len(tries) == MOST_TRIES
    assert told() == [f"Deadlines of open conversations of {root.name} do not follow its working time."]
    monkeypatch.setattr(recounting, "_move", move)
    add_closure(unit=root, by=None, names={"fr": "Fête"}, first=date(2026, 7, 20), last=date(2026, 7, 20))
    recount_what_is_due(seconds=10)
    assert due(asked) == "18 09:00"
    assert (told(), Recount.objects.count()) == ([], 0)
