"""What stands is told to whom it concerns, once; what no longer stands is withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from notices.actions import look_around, purge
from notices.models import Addressee, Look, Notice
from notices.queries import unseen, unseen_count
from organisation.models import Grant
from tests.factories.notices import Trial
from tests.factories.organisation import person_with
from tests.notices.conftest import look
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
Begin = Callable[..., Trial]


def test_the_same_thing_is_told_once(house: House, trial: Begin) -> None:
    made = trial()
    made.standing[1] = "a"
    look()
    look()
    assert [one.told for one in Notice.objects.all()] == ["Trial a"]
    assert [one.person for one in Addressee.objects.all()] == [house.approver]
    assert unseen_count(house.approver) == 1
    assert unseen_count(house.author) == 0


def test_what_no_longer_stands_is_withdrawn(house: House, trial: Begin) -> None:
    made = trial()
    made.standing[1] = "a"
    look()
    made.standing.clear()
    look()
    assert Notice.objects.get().settled_at is not None
    assert unseen_count(house.approver) == 0


def test_what_stands_again_is_told_again(house: House, trial: Begin) -> None:
    made = trial()
    for _again in range(2):
        made.standing[1] = "a"
        look()
        made.standing.clear()
        look()
    assert Notice.objects.count() == 2


def test_who_is_suspended_or_sees_nothing_of_the_unit_is_told_nothing(house: House, trial: Begin) -> None:
    house.author.is_active = False
    house.author.save()
    made = trial(people=[house.author, house.stranger, house.approver, house.approver])
    made.standing[1] = "a"
    look()
    assert [one.person for one in Addressee.objects.all()] == [house.approver]


def test_who_lost_sight_of_the_unit_no_longer_sees_what_they_were_told(house: House, trial: Begin) -> None:
    trial().standing[1] = "a"
    look()
    assert unseen(house.approver).exists()
    Grant.objects.filter(person=house.approver).update(revoked_at=timezone.now())
    house.approver.forget_grants()
    assert not unseen(house.approver).exists()


def test_who_must_know_is_asked_again(house: House, trial: Begin) -> None:
    made = trial()
    made.standing[1] = "a"
    look()
    made.people = [later := person_with("communication_cell", house.unit)]
    look()
    assert [one.person for one in Addressee.objects.all()] == [house.approver]
    Notice.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    look()
    assert [one.person for one in Addressee.objects.all()] == [later]


def test_a_kind_that_cannot_be_looked_at_stops_no_other(
    house: House, trial: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("no")

    trial(key="broken", before=broken).standing[1] = "a"
    trial().standing[1] = "a"
    look_around(seconds=5)
    assert [one.kind for one in Notice.objects.all()] == ["trial"]
    assert Look.objects.get(kind="broken").failures == 1
    assert Look.objects.get(kind="broken").next_at > timezone.now() + timedelta(seconds=5)
    assert "could not be looked for" in caplog.text
    assert look_around(seconds=5) == 0, "none of them is due yet"


def test_what_was_settled_a_month_ago_is_deleted(house: House, trial: Begin) -> None:
    trial().standing[1] = "a"
    look()
    for days, left in ((29, 1), (31, 0)):
        Notice.objects.update(settled_at=timezone.now() - timedelta(days=days))
        purge()
        assert (Notice.objects.count(), Addressee.objects.count()) == (left, left)
