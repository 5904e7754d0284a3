"""Of each kind: who is told by default, with whom that stands, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery.enums import DeliveryState
from notices.models import Addressee, Notice
from publishing.actions import approve_post, request_changes, submit_post
from tests.approvals.conftest import Town
from tests.factories.approvals import route_for
from tests.factories.delivery import ANSWER, DeliveryFactory
from tests.factories.organisation import person_with
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
def test_an_approval_waits_for_those_who_may_decide(town: Town) -> None:
    submitted(town.author, town.account, title="Winter service")
    assert told("approval_waiting") == {"Bram", "Dirk"}, "neither the author, nor a peer, nor an administrator"
    assert words() == ["“Winter service” waits for your approval."]


def test_each_step_tells_those_whom_it_asks(town: Town) -> None:
    route_for(town.unit, {"place": "own"}, {"place": "peer", "unit": town.other}, by=town.administrator)
    post = submitted(town.author, town.account)
    assert told("approval_waiting") == {"Bram", "Dirk"}
    approve_post(post=post, by=town.own, content_hash=hash_of(post))
    # Dirk holds the right at the root, over the peer's unit too, and has taken no step of it.
    assert told("approval_waiting") == {"Cara", "Dirk"}
    assert Notice.objects.filter(kind="approval_waiting", settled_at=None).count() == 1


def test_a_given_approval_no_longer_waits(town: Town) -> None:
    post = submitted(town.author, town.account)
    told("approval_waiting")
    approve_post(post=post, by=town.own, content_hash=hash_of(post))
    assert told("approval_waiting") == set()


def test_whoever_counts_as_the_author_is_not_asked(town: Town) -> None:
    person_with("communication_cell", town.unit, name="New hand", invited_by=town.author)
    submitted(town.author, town.account)
    assert told("approval_waiting") == {"Bram", "Dirk"}


def test_the_author_is_told_what_became_of_it(town: Town) -> None:
    post = submitted(town.author, town.account, title="Winter service")
    assert told("approval_decided") == set()
    request_changes(post=post, by=town.own, remark="shorter")
    assert told("approval_decided") == {"An"}
    assert words() == ["Changes are asked for in “Winter service”."]
    submit_post(post=post, by=town.author)
    assert told("approval_decided") == set(), "it is put forward again"
    approve_post(post=post, by=town.own, content_hash=hash_of(post))
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
