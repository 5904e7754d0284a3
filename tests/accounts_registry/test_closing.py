"""The end of an account: nothing new while it closes, an exit plan whose steps people tick, the archive at last."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry import in_line
from accounts_registry.actions import (
    begin_closing,
    close_account,
    connect_account,
    renew_account,
    suspend_account,
    tick_exit_step,
    untick_exit_step,
)
from accounts_registry.enums import ACCOUNT_LIFECYCLE, AccountState
from accounts_registry.enums.closing import ExitStep
from accounts_registry.models import Account, Credential, ExitPlan, ExitStepDone
from accounts_registry.queries import able, waiting_for
from accounts_registry.queries.official import read_register
from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.queries.claims import to_claim
from networks.kinds import Purpose
from organisation.actions import perform
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import AuditEvent
from publishing.queries.posts import writable_accounts
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import EXIT, ConnectedAccountFactory
from tests.factories.closing import closing_account
from tests.factories.delivery import DeliveryFactory, thaw

pytestmark = pytest.mark.django_db
S = AccountState


@pytest.fixture
def account(house: House) -> Account:
    made: Account = ConnectedAccountFactory.create(unit=house.unit)
    return made


def begin(account: Account, house: House, **other: Any) -> Account:
    facts = {"edition": account.edition, "reason": "Nobody reads it", **EXIT, **other}
    return begin_closing(account=account, by=house.manager, **facts)


def tick_all(account: Account, house: House) -> None:
    for step in ExitStep:
        tick_exit_step(account=account, by=house.manager, edition=account.edition, step=step)


def test_a_page_opened_on_older_facts_closes_nothing(account: Account, house: House) -> None:
    Account.objects.filter(pk=account.pk).update(edition=2, purpose="Tell of the strike")
    with pytest.raises(Outdated, match="Somebody changed this account"):
        begin(account, house)
    account.refresh_from_db()
    assert (account.state, ExitPlan.objects.count()) == (S.ACTIVE, 0)
    client = Client()
    client.force_login(house.manager)
    address = reverse("accounts_registry:account_begin_closing", args=[account.pk])
    mark = in_line.mark_of([])
    answer = client.post(address, {"edition": 1, "reason": "Nobody reads it", "seen": mark, **EXIT})
    assert (answer.status_code, "Nobody reads it" in answer.content.decode()) == (422, True)
    assert client.post(address, {"edition": 2, "reason": "Nobody reads it", "seen": mark, **EXIT}).status_code == 302
    account.refresh_from_db()
    tick_all(account, house)
    with pytest.raises(Outdated):
        close_account(account=account, by=house.manager, edition=2)
    last = reverse("accounts_registry:account_close", args=[account.pk])
    assert client.post(last, {"edition": 2}).status_code == 422
    assert client.post(last).status_code == 422
    assert client.post(last, {"edition": account.edition}).status_code == 302
    account.refresh_from_db()
    assert account.state == S.ARCHIVED


def test_it_is_archived_once_every_step_is_ticked_and_not_before(account: Account, house: House) -> None:
    begin(account, house)
    assert [one.detail for one in waiting_for(house.manager) if "closing" in str(one.detail)] == [
        "It is closing: 0 of 5 steps of its exit plan are done"
    ]
    with pytest.raises(Refused, match="Tell its followers"):
        close_account(account=account, by=house.manager, edition=account.edition)
    tick_all(account, house)
    untick_exit_step(account=account, by=house.manager, edition=account.edition, step="page")
    with pytest.raises(Refused, match="done: Close its page on the network"):
        close_account(account=account, by=house.manager, edition=account.edition)
    tick_exit_step(account=account, by=house.manager, edition=account.edition, step="page", note="Gone since May")
    with pytest.raises(Conflict):
        tick_exit_step(account=account, by=house.manager, edition=account.edition, step="page")
    assert Credential.objects.filter(revocation__isnull=True).exists()
    close_account(account=account, by=house.manager, edition=account.edition)
    assert account.state == S.ARCHIVED
    assert not Credential.objects.filter(revocation__isnull=True).exists()
    with pytest.raises(Conflict):
        tick_exit_step(account=account, by=house.manager, edition=account.edition, step="page")


@pytest.mark.parametrize("step", ["party", ""])
def test_only_steps_of_the_plan_are_ticked(house: House, step: str) -> None:
    account = closing_account(unit=house.unit)
    with pytest.raises(Refused, match="no such step"):
        tick_exit_step(account=account, by=house.manager, edition=1, step=step)
    with pytest.raises(Conflict):
        untick_exit_step(account=account, by=house.manager, edition=1, step=step)
    assert not ExitStepDone.objects.exists()


def test_while_it_closes_nothing_new_is_sent_connected_or_renewed_but_it_is_read(
    account: Account, house: House
) -> None:
    begin(account, house)
    assert not account.publishable
    assert not Account.objects.filter(able(Purpose.WRITE)).exists()
    assert list(Account.objects.filter(able(Purpose.READ))) == [account]
    assert account not in writable_accounts(house.author)
    for act in (
        lambda: connect_account(account=account, by=house.manager, fields={}),
        lambda: renew_account(
            account=account, by=house.manager, edition=2, evaluation="e", next_on=account.today + timedelta(days=9)
        ),
        lambda: suspend_account(account=account, by=house.manager, reason="r"),
        lambda: begin(account, house),
    ):
        with pytest.raises((Conflict, Refused)):
            act()


def test_the_committees_own_edge_asks_for_its_decision(account: Account) -> None:
    with pytest.raises(Refused, match="The committee has not decided"), transaction.atomic():
        perform(ACCOUNT_LIFECYCLE, "wind_down", account, by=None)
    assert not AuditEvent.objects.filter(verb="account.wind_down").exists()


# ---- What is still to go out ----------------------------------------------------------------------------------------
@pytest.fixture
def due(account: Account) -> Delivery:
    thaw()
    made: Delivery = DeliveryFactory.create(account=account, due_at=timezone.now() - timedelta(minutes=1))
    return made


def test_what_is_to_go_out_is_named_and_asks_for_a_choice(account: Account, house: House, due: Delivery) -> None:
    with pytest.raises(Refused, match="what becomes of the messages") as told:
        begin(account, house)
    assert told.value.field == "waiting"
    with pytest.raises(Outdated, match="What is to go out"):
        begin(account, house, waiting="end", seen=in_line.mark_of([]))
    client = Client()
    client.force_login(house.manager)
    page = client.get(reverse("accounts_registry:account_begin_closing", args=[account.pk])).content.decode()
    assert "Still to go out" in page
    assert in_line.mark_of([due.pk]) in page
    due.refresh_from_db()
    assert due.state == DeliveryState.DUE


def test_what_is_ended_does_not_go_out_and_says_why(account: Account, house: House, due: Delivery) -> None:
    assert list(to_claim()) == [due]
    begin(account, house, waiting="end", seen=in_line.mark_of([due.pk]))
    due.refresh_from_db()
    assert (due.state, due.problem_code) == (DeliveryState.CANCELLED, "account_closing")
    assert "closing" in due.problem
    assert not list(to_claim())


def test_what_may_go_out_does_and_holds_the_archive_back(account: Account, house: House, due: Delivery) -> None:
    begin(account, house, waiting="go_out", seen=in_line.mark_of([due.pk]))
    assert list(to_claim()) == [due]
    tick_all(account, house)
    with pytest.raises(Refused, match="1 message is still to go out"):
        close_account(account=account, by=house.manager, edition=account.edition)
    Delivery.objects.update(state=DeliveryState.CANCELLED)
    close_account(account=account, by=house.manager, edition=account.edition)
    assert (account.state, account.lets_out) == (S.ARCHIVED, False)


def test_of_an_account_that_ends_its_messages_none_is_claimed(account: Account, house: House, due: Delivery) -> None:
    """One that somebody put in line in the same moment."""
    begin(account, house, waiting="end")
    late = DeliveryFactory.create(account=account, due_at=timezone.now() - timedelta(minutes=1))
    assert (late.state, list(to_claim())) == (DeliveryState.DUE, [])


def test_the_database_lets_nothing_out_of_what_does_not_close(account: Account) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(lets_out=True)


# ---- What everybody reads -------------------------------------------------------------------------------------------
def test_the_public_register_says_since_when_it_closes_and_where_it_goes_on(account: Account, house: House) -> None:
    successor = ConnectedAccountFactory.create(unit=house.unit, languages=["nl"])
    begin(account, house)
    ExitPlan.objects.update(successor=successor)
    row = read_register().by_id[account.pk]
    assert (row.closing_at is not None, row.closed_at, row.successor) == (True, None, successor.pk)
    page = Client().get(f"/public/en/accounts/{account.pk}/").content.decode()
    assert "It is closing since" in page
    assert successor.handle in page
    told = next(one for one in Client().get("/public/accounts.json").json()["accounts"] if one["id"] == account.pk)
    assert (told["state"], told["successor"]) == ("closing", successor.pk)
    assert told["closing_since"] == timezone.now().date().isoformat()
    assert "About to close" in Client().get("/public/en/accounts/changes.atom").content.decode()


def test_its_page_shows_the_plan_and_its_steps(account: Account, house: House) -> None:
    begin(account, house)
    client = Client()
    client.force_login(house.manager)
    address = reverse("accounts_registry:account_detail", args=[account.pk])
    page = client.get(address).content.decode()
    for words in (*EXIT.values(), "Tell its followers where to go", "It is done"):
        assert words in page
    assert "Close this account for good" not in page
    step = reverse("accounts_registry:exit_step", args=[account.pk])
    assert client.post(step, {"edition": account.edition, "step": "page", "note": "x" * 501}).status_code == 422
    assert client.post(step, {"edition": account.edition, "step": "page", "note": "Gone"}).status_code == 302
    assert "It is not done" in client.get(address).content.decode()
    back = reverse("accounts_registry:exit_step_back", args=[account.pk])
    assert client.post(back, {"edition": account.edition, "step": "page"}).status_code == 302
    tick_all(account, house)
    assert "Close this account for good" in client.get(address).content.decode()
    client.force_login(house.author)
    read = client.get(address).content.decode()
    assert "Tell its followers where to go" in read
    assert "It is done" not in read
