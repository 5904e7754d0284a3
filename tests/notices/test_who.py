"""Of each kind: who is told by default, with whom that stands, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts_registry.enums import ConnectionState
from accounts_registry.models import Access, Account
from conversations.enums import ConversationState
from conversations.models import Conversation
from crisis.models import Crisis
from delivery.actions import lift_hold, place_hold
from delivery.enums import DeliveryState, HoldCause, HoldScope
from delivery.models import Hold
from notices.models import Addressee, Letter, Notice, WebhookCall, WebhookTarget
from notices.queries import visible_addressees
from organisation.actions import give_grant
from organisation.models import Grant, Person
from publishing.actions import approve_post, request_changes, submit_post
from tests.approvals.conftest import Town
from tests.factories.approvals import route_for
from tests.factories.conversations import ConversationFactory
from tests.factories.crisis import CrisisFactory
from tests.factories.delivery import ANSWER, DeliveryFactory, thaw
from tests.factories.notices import WebhookTargetFactory
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.factories.publishing import hash_of, submitted
from tests.notices.conftest import look
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[str]:
    """Names of those to whom something of `kind` stands, after a look."""
    look(kind)
    standing = Addressee.objects.filter(notice__kind=kind, notice__settled_at=None)
    return {one.person.name for one in standing.select_related("person")}


def words() -> list[str]:
    return [one.told for one in Notice.objects.filter(settled_at=None)]


# ---- Approvals ------------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_an_approval_waits_for_those_who_may_decide(town: Town) -> None:
    submitted(town.author, town.account, title="Winter service")
    assert told("approval_waiting") == {"Bram", "Dirk"}, "neither the author, nor a peer, nor an administrator"
    assert words() == ["“Winter service” waits for your approval."]


@pytest.mark.longer
def test_each_step_tells_those_whom_it_asks(town: Town) -> None:
    route_for(town.unit, {"place": "own"}, {"place": "peer", "unit": town.other}, by=town.administrator)
    post = submitted(town.author, town.account)
    assert told("approval_waiting") == {"Bram", "Dirk"}
    approve_post(post=post, by=town.own, content_hash=hash_of(post), planned_for=post.due_at)
    # Dirk holds the right at the root, over the peer's unit too, and has taken no step of it.
    assert told("approval_waiting") == {"Cara", "Dirk"}
    assert Notice.objects.filter(kind="approval_waiting", settled_at=None).count() == 1


@pytest.mark.longer
def test_a_given_approval_no_longer_waits(town: Town) -> None:
    post = submitted(town.author, town.account)
    told("approval_waiting")
    approve_post(post=post, by=town.own, content_hash=hash_of(post), planned_for=post.due_at)
    assert told("approval_waiting") == set()


@pytest.mark.longer
def test_whoever_counts_as_the_author_is_not_asked(town: Town) -> None:
    person_with("communication_cell", town.unit, name="New hand", invited_by=town.author)
    submitted(town.author, town.account)
    assert told("approval_waiting") == {"Bram", "Dirk"}


@pytest.mark.longer
def test_the_author_is_told_what_became_of_it(town: Town) -> None:
    post = submitted(town.author, town.account, title="Winter service")
    assert told("approval_decided") == set()
    request_changes(post=post, by=town.own, remark="shorter")
    assert told("approval_decided") == {"An"}
    assert words() == ["Changes are asked for in “Winter service”."]
    submit_post(post=post, by=town.author)
    assert told("approval_decided") == set(), "it is put forward again"
    approve_post(post=post, by=town.own, content_hash=hash_of(post), planned_for=post.due_at)
    assert told("approval_decided") == {"An"}
    assert words() == ["“Winter service” is approved."]


# ---- Sending --------------------------------------------------------------------------------------------------------
FAILED: dict[str, Any] = {"state": DeliveryState.FAILED, "problem_code": "rejected"}


def test_a_failed_send_is_told_to_those_who_send(house: House) -> None:
    spokesperson = person_with("spokesperson", house.unit, name="Spo")
    DeliveryFactory.create(account=house.account, scheduled_by=house.author, **FAILED)
    assert told("delivery_failed") == {"An", "Bram", spokesperson.name}, "neither newcomer, auditor nor stranger"


def test_it_no_longer_stands_once_it_is_in_line_again(house: House) -> None:
    delivery = DeliveryFactory.create(account=house.account, scheduled_by=house.author, **FAILED)
    told("delivery_failed")
    delivery.state = DeliveryState.DUE
    delivery.save()
    assert told("delivery_failed") == set()


def test_an_answers_failure_names_no_citizen(house: House) -> None:
    manager = person_with("conversation_manager", house.unit, name="Mo")
    DeliveryFactory.create(account=house.account, origin_kind=ANSWER, scheduled_by=manager, **FAILED)
    assert told("delivery_failed") == {"Mo"}
    assert words() == [f"An answer to a citizen did not go out on {house.account.label}."]


@pytest.mark.parametrize(("minutes", "who"), [(9, set()), (11, {"An", "Bram"})])
def test_an_uncertain_send_is_told_to_who_decides_after_ten_minutes(house: House, minutes: int, who: set[str]) -> None:
    since = timezone.now() - timedelta(minutes=minutes)
    DeliveryFactory.create(account=house.account, state=DeliveryState.UNKNOWN, unknown_at=since)
    assert told("delivery_uncertain") == who


def test_what_is_out_without_all_of_it_is_told_to_those_who_send(house: House) -> None:
    DeliveryFactory.create(account=house.account, scheduled_by=house.author, incomplete=True)
    assert told("delivery_lacking") == {"An", "Bram"}


# ---- Accounts -------------------------------------------------------------------------------------------------------
def held(account: Account, house: House) -> None:
    """An owner, and a backup holder who has lost their role; somebody who connects accounts."""
    owner = person_with("newcomer", house.unit, name="Owen")
    account.owner, account.backup_holder = owner, PersonFactory.create(unit=house.unit, name="Former")
    account.save()
    person_with("account_manager", house.unit, name="Max")


@pytest.mark.parametrize("state", [ConnectionState.BROKEN, ConnectionState.HALF_CONNECTED])
def test_a_broken_account_is_told_to_owner_backup_and_who_connects(house: House, state: ConnectionState) -> None:
    held(house.account, house)
    assert told("account_broken") == set()
    Account.objects.update(connection_state=state)
    assert told("account_broken") == {"Owen", "Max"}, "not to a backup holder who no longer sees the account"
    Account.objects.update(backup_holder=house.approver)
    assert told("account_broken") == {"Owen", "Max"}, "asked again after ten minutes"
    Notice.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    assert told("account_broken") == {"Owen", "Max", "Bram"}
    Account.objects.update(connection_state=ConnectionState.CONNECTED)
    assert told("account_broken") == set()


@pytest.mark.parametrize(
    ("facts", "days", "who"),
    [
        ({"ends_at": timedelta(days=8)}, 8, set()),
        ({"ends_at": timedelta(days=6)}, 6, {"Owen", "Max"}),
        ({"expires_at": timedelta(days=6)}, 6, {"Owen", "Max"}),
        ({"expires_at": timedelta(days=6), "renew_at": timedelta(days=5)}, 6, set()),
        ({"expires_at": timedelta(days=6), "ends_at": timedelta(days=20)}, 6, {"Owen", "Max"}),
    ],
)
def test_a_sign_in_that_ends_is_told_a_week_before(
    house: House, facts: dict[str, timedelta], days: int, who: set[str]
) -> None:
    held(house.account, house)
    now = timezone.now()
    Access.objects.all().delete()
    Access.objects.create(account=house.account, purpose="all", **{name: now + ahead for name, ahead in facts.items()})
    assert told("account_ends") == who
    assert [one.due_at for one in Notice.objects.all()] == ([now + timedelta(days=days)] if who else [])


# ---- Deadlines ------------------------------------------------------------------------------------------------------
def due(house: House, **facts: Any) -> Conversation:
    author = {"author_name": "Citizen Anna", "author_handle": "anna"}
    return ConversationFactory.create(account=house.account, unit=house.unit, **author | facts)


def test_a_near_deadline_is_told_to_whose_it_is(house: House) -> None:
    person_with("conversation_manager", house.unit, name="Mo")
    spokesperson = person_with("spokesperson", house.unit, name="Spo")
    soon = timezone.now() + timedelta(minutes=119)
    mine = {"assigned_to": spokesperson, "state": ConversationState.ASSIGNED}
    conversation = due(house, deadline=soon, **mine)
    due(house, deadline=soon + timedelta(minutes=5), **mine)
    assert told("deadline") == {"Spo"}
    assert words() == [f"An answer on {house.account.label} is due soon."], "nothing of the citizen"
    Conversation.objects.filter(pk=conversation.pk).update(deadline=timezone.now() - timedelta(minutes=1))
    assert told("deadline") == {"Spo", "Mo"}
    assert words() == [f"An answer on {house.account.label} is overdue."]
    Conversation.objects.update(state=ConversationState.ANSWERED, answered_at=timezone.now())
    assert told("deadline") == set()


def test_what_nobody_has_is_told_to_who_assigns(house: House) -> None:
    person_with("conversation_manager", house.unit, name="Mo")
    person_with("spokesperson", house.unit, name="Spo")
    due(house, deadline=timezone.now() + timedelta(minutes=30))
    assert told("deadline") == {"Mo"}


# ---- Freezes and crises ---------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_a_freeze_is_told_to_everybody_whom_it_stops(town: Town) -> None:
    thaw()
    Hold.objects.update(lifted_at=timezone.now() - timedelta(days=2))
    hold = place_hold(scope=HoldScope.UNIT, unit=town.unit, reason="Exercise", by=town.centre)
    assert told("freeze_placed") == {"An", "Bram", "Dirk", "Els"}, "not to a unit beside it"
    lift_hold(hold=hold, by=town.centre, reason="Over")
    assert told("freeze_placed") == set()
    assert told("freeze_lifted") == {"An", "Bram", "Dirk", "Els"}
    Hold.objects.update(lifted_at=timezone.now() - timedelta(hours=25))
    assert told("freeze_lifted") == set()


def test_a_freeze_from_above_is_told_below_and_shown_there(town: Town) -> None:
    thaw()
    place_hold(scope=HoldScope.ORGANISATION, unit=town.root, reason="Exercise", by=town.centre)
    assert told("freeze_placed") == {"An", "Bram", "Cara", "Dirk", "Els"}
    assert [one.notice.told for one in visible_addressees(town.peer)] == ["Publishing is frozen: Whole organisation."]


def test_parvis_own_stop_is_told_to_who_may_lift_it(town: Town) -> None:
    thaw()
    Hold.objects.create(scope=HoldScope.ORGANISATION, cause=HoldCause.NEW_SYSTEM)
    assert told("freeze_placed") == {"Dirk", "Els"}


def test_a_crisis_is_told_in_its_unit_and_below(town: Town) -> None:
    person_with("crisis_cell", town.root, name="Cri")
    crisis = CrisisFactory.create(playbook__unit=town.unit, title="Flood")
    assert told("crisis") == {"An", "Bram", "Dirk", "Cri"}, "an administrator sees no crises"
    assert words() == ["Crisis: Flood"]
    Crisis.objects.filter(pk=crisis.pk).update(ended_at=timezone.now(), state="ended")
    assert told("crisis") == set()
    CrisisFactory.create(playbook__unit=town.unit, title="Drill", is_exercise=True)
    told("crisis")
    assert words() == ["Exercise: Drill"]


# ---- Administration -------------------------------------------------------------------------------------------------
def test_a_proposed_role_is_told_to_second_persons(town: Town) -> None:
    second = person_with("administrator", town.root, name="Second")
    give_grant(person=town.own, role="spokesperson", unit=town.unit, until=None, by=town.administrator)
    assert told("grant_waiting") == {"Second"}, "not to who proposed it"
    assert words() == ["A role for Bram waits for a second person."]
    Grant.objects.filter(confirmed_at=None).update(confirmed_at=timezone.now(), confirmed_by=second)
    assert told("grant_waiting") == set()


def test_a_trail_that_is_not_kept_is_told_to_administrators(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told("trail_not_kept") == set()
    monkeypatch.setattr("organisation.queries.sealed.LATE", timedelta(seconds=-1))
    place_hold(scope=HoldScope.UNIT, unit=town.unit, reason="An event", by=town.centre)
    assert told("trail_not_kept") == {"Els"}


@pytest.mark.longer
def test_failing_mail_is_told_once_to_administrators(town: Town) -> None:
    elsewhere = person_with("administrator", UnitFactory.create(), name="Elsewhere")
    for person in (town.own, town.peer, town.administrator):
        Letter.objects.create(person=person, failures=2)
    assert told("letters_failing") == set()
    Letter.objects.update(failures=3)
    assert told("letters_failing") == {"Els"}
    assert Notice.objects.filter(kind="letters_failing").count() == 1
    Letter.objects.create(person=elsewhere, given_up_at=timezone.now())
    assert told("letters_failing") == {"Els", "Elsewhere"}
    Letter.objects.update(sent_at=timezone.now(), given_up_at=None)
    assert told("letters_failing") == set()


@pytest.mark.longer
def test_a_webhook_that_takes_no_calls_is_told_until_it_takes_one(town: Town) -> None:
    target = WebhookTargetFactory.create(unit=town.unit, address="https://chat.example/hooks/abcd1234")
    told_of = [
        Notice.objects.create(kind="trial", key=str(n), subject_id=n, sees="audit.view", words={}) for n in range(4)
    ]
    first = WebhookCall.objects.create(target=target, notice=told_of[0], failures=2, failure="unavailable: status 500")
    assert told("webhook_failing") == set(), "a blip"
    WebhookCall.objects.filter(pk=first.pk).update(failures=3)
    assert told("webhook_failing") == {"Els"}
    (standing,) = Notice.objects.filter(kind="webhook_failing")
    assert (standing.unit, standing.url) == (town.unit, reverse("notices:targets"))
    assert "chat.example/…1234" in standing.told, "the whole address writes into the chat"
    assert "abcd" not in standing.told
    WebhookCall.objects.create(target=target, notice=told_of[1])
    assert told("webhook_failing") == {"Els"}, "what was not tried yet says nothing"
    taken = WebhookCall.objects.create(target=target, notice=told_of[2], ended_at=timezone.now(), was_taken=True)
    assert told("webhook_failing") == set()
    WebhookCall.objects.create(
        target=target, notice=told_of[3], ended_at=timezone.now(), failures=1, failure="egress_refused: "
    )
    assert taken.pk
    assert told("webhook_failing") == {"Els"}, "what the guard refuses is not tried again"
    WebhookTarget.objects.update(ended_at=timezone.now())
    assert told("webhook_failing") == set()


@pytest.mark.longer
def test_where_nobody_may_know_administrators_are_told_that_something_waits(town: Town) -> None:
    submitted(town.author, town.account, title="Winter service")
    assert told("approval_waiting") == {"Bram", "Dirk"}
    assert told("nobody_to_tell") == set()
    Person.objects.filter(name__in=["Bram", "Dirk"]).update(is_active=False)
    Notice.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    assert told("approval_waiting") == set()
    assert told("nobody_to_tell") == {"Els"}
    (standing,) = Notice.objects.filter(kind="nobody_to_tell")
    assert standing.unit == town.unit
    assert "Winter" not in standing.told, "what waits is for those who may know it"
    Person.objects.filter(name="Bram").update(is_active=True)
    Notice.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    assert told("approval_waiting") == {"Bram"}
    assert told("nobody_to_tell") == set()


@pytest.mark.longer
def test_what_is_for_its_author_alone_is_nobody_elses_when_they_left(town: Town) -> None:
    post = submitted(town.author, town.account)
    request_changes(post=post, by=town.own, remark="Say when.")
    Person.objects.filter(pk=town.author.pk).update(is_active=False)
    assert told("approval_decided") == set()
    assert Notice.objects.filter(kind="approval_decided").exists()
    assert told("nobody_to_tell") == set()
