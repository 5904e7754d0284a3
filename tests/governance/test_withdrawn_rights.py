"""A right that ended while an act waited for its lock is not used: rights are those behind it, in every room."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from accounts_registry.actions import set_budget, suspend_account
from accounts_registry.models import Account, Budget
from crisis.actions import declare_crisis
from crisis.enums import Level
from delivery.actions import lift_hold, place_hold, resolve_unknown
from delivery.enums import Verdict
from organisation import locks, policy
from organisation.actions import update_unit
from organisation.audit import acting
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Grant, Person
from organisation.queries.authority import hand_of
from publishing.actions import dismiss_upload, submit_post
from tests.delivery.test_pages import uncertain
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.crisis import PlaybookFactory
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.factories.prices import CHARGING, charge
from tests.factories.publishing import draft, upload_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def charged(monkeypatch: pytest.MonkeyPatch) -> None:
    charge(monkeypatch)


Act = Callable[[], object]


def _budget(by: Person) -> Act:
    account = ConnectedAccountFactory.create(unit=by.unit, network=CHARGING)
    return partial(set_budget, account=account, limit=1, kept_for_answers=0, by=by)


def _submit(by: Person) -> Act:
    return partial(submit_post, post=draft(by, ConnectedAccountFactory.create(unit=by.unit)), by=by)


def _look(by: Person) -> Act:
    told = {"verdict": Verdict.LOOK_AGAIN, "reason": "Seen"}
    return partial(resolve_unknown, delivery=uncertain(by.unit), by=by, **told)


def _put_away(by: Person) -> Act:
    upload = upload_for(draft(by, ConnectedAccountFactory.create(unit=by.unit)), state="refused")
    return partial(dismiss_upload, upload=upload, by=by)


def _lift(by: Person) -> Act:
    hold = place_hold(scope="unit", unit=by.unit, reason="Flood", by=person_with("crisis_cell", by.unit))
    return partial(lift_hold, hold=hold, by=by, reason="Over")


def _declare(by: Person) -> Act:
    told = {"title": "Flood", "reason": "Rain", "level": Level.values[0], "severity": 1}
    return partial(declare_crisis, playbook=PlaybookFactory.create(unit=by.unit), unit=by.unit, by=by, **told)


ACTS: dict[str, tuple[str, Callable[[Person], Act]]] = {
    "suspend an account": (
        "account_manager",
        lambda by: partial(
            suspend_account, account=ConnectedAccountFactory.create(unit=by.unit), by=by, reason="Stolen"
        ),
    ),
    "set a budget": ("account_manager", _budget),
    "submit a post": ("communication_cell", _submit),
    "have a message looked for": ("communication_cell", _look),
    "put a notice away": ("communication_cell", _put_away),
    "lift a freeze": ("crisis_cell", _lift),
    "declare a crisis": ("crisis_cell", _declare),
    "rename a unit": ("administrator", lambda by: partial(update_unit, unit=by.unit, by=by, names=by.unit.names)),
}


def _revoked(person: Person) -> None:
    Grant.objects.filter(person=person).update(revoked_at=Now())


def _suspended(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("ended", [_revoked, _suspended])
@pytest.mark.parametrize("act", ACTS)
def test_a_right_that_ended_since_the_request_began_is_not_used(act: str, ended: Callable[[Person], None]) -> None:
    role, prepare = ACTS[act]
    by = person_with(role, UnitFactory.create())
    done = prepare(by)
    assert by.held_grants(), "as the request read them"
    ended(by)
    with pytest.raises(PermissionDenied):
        done()
    assert not Budget.objects.exists()


@pytest.mark.parametrize("act", ACTS)
def test_one_that_stands_carries_the_act(act: str) -> None:
    role, prepare = ACTS[act]
    with suppress(Refused):  # there is no worker that could look
        prepare(person_with(role, UnitFactory.create()))()


def test_whom_one_counts_as_is_asked_behind_the_lock_too() -> None:
    by, other = person_with("account_manager", UnitFactory.create()), PersonFactory.create()
    assert hand_of(by) == by.pk
    Person.objects.filter(pk=by.pk).update(invited_by=other)
    with acting():
        policy.require(by, Permission.ACCOUNT_MANAGE, ConnectedAccountFactory.create(unit=by.unit))
    assert hand_of(by) == other.pk


def test_of_what_an_act_holds_rights_are_read_once() -> None:
    by = person_with("account_manager", UnitFactory.create())
    keys = [ConnectedAccountFactory.create(unit=by.unit).pk for _each in range(3)]
    with acting():
        held = locks.take_all(Account.objects.select_related("unit"), keys)
        policy.require(by, Permission.ACCOUNT_MANAGE, held[0])
        with CaptureQueriesContext(connection) as asked:
            for one in held:
                policy.require(by, Permission.ACCOUNT_MANAGE, one)
        assert len(asked) == 0
        later = locks.take(Account.objects.select_related("unit"), keys[0])
        _revoked(by)
        with pytest.raises(PermissionDenied):
            policy.require(by, Permission.ACCOUNT_MANAGE, later)
