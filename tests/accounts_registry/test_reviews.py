"""A review that is due ends in an act that satisfies it; a trial ends by itself, by the database's clock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts_registry.actions import expire_accounts, reactivate_account, renew_account, suspend_account
from accounts_registry.enums import ACCOUNT_LIFECYCLE, AccountState
from accounts_registry.models import Account, AccountReview
from accounts_registry.queries import waiting_for
from accounts_registry.queries.life import months_after, review_window
from notices.models import Addressee
from organisation.actions import perform
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import AuditEvent, Person
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AccountFactory
from tests.notices.conftest import look

pytestmark = pytest.mark.django_db


def renew(account: Account, house: House, **facts: Any) -> AccountReview:
    told = {"by": house.manager, "edition": account.edition, "evaluation": "Useful: 900 followers", **facts}
    return renew_account(account=account, **{"next_on": account.today + timedelta(days=120), **told})


def lines(person: Person) -> dict[str, str]:
    """Act → where it is done."""
    return {str(one.act): one.url for one in waiting_for(Person.objects.get(pk=person.pk))}


def trial(house: House, ends: int, **facts: Any) -> Account:
    day = timezone.localdate() + timedelta(days=ends)
    return AccountFactory.create(unit=house.unit, term="trial", ends_on=day, review_on=day, **facts)


def test_what_is_due_leads_to_the_act_that_takes_it_away(house: House, client: Client) -> None:
    account = AccountFactory.create(unit=house.unit, review_on=timezone.localdate() + timedelta(days=29))
    url = lines(house.manager)["Renew the account"]
    assert url == reverse("accounts_registry:account_renew", args=[account.pk])
    assert "Renew the account" not in lines(account.owner), "who cannot renew it is not asked to"
    client.force_login(house.manager)
    page = client.get(url).content.decode()
    assert "What worked, and what did not?" in page
    in_a_year = months_after(account.today, 12)
    assert f'value="{in_a_year.isoformat()}"' in page
    sent = {
        "edition": 1,
        "evaluation": "It answers people",
        "figures": "900 followers",
        "next_on": in_a_year.isoformat(),
    }
    assert client.post(url, sent).status_code == 302
    assert "Renew the account" not in lines(house.manager)
    review = AccountReview.objects.get()
    assert (review.evaluation, review.figures, review.next_on, review.reviewed_by) == (
        "It answers people", "900 followers", in_a_year, house.manager,
    )  # fmt: skip
    account.refresh_from_db()
    assert (account.review_on, account.edition) == (in_a_year, 2)
    page = client.get(reverse("accounts_registry:account_detail", args=[account.pk])).content.decode()
    assert "It answers people" in page
    assert "Manager renewed this account" in page


def test_history_stays_and_is_told(house: House) -> None:
    account = AccountFactory.create(unit=house.unit)
    was = account.review_on
    first = renew(account, house)
    renew(account, house, evaluation="Still", next_on=account.today + timedelta(days=300))
    assert [one.evaluation for one in account.reviews.all()] == ["Still", "Useful: 900 followers"]
    details = AuditEvent.objects.order_by("sequence")[0].details
    assert details["changes"] == {"review_on": [str(was), str(first.next_on)]}


@pytest.mark.parametrize(("term", "days", "right"), [
    ("permanent", 0, False), ("permanent", 1, True), ("permanent", 364, True), ("permanent", 368, False),
    ("trial", 80, False), ("trial", 93, True), ("trial", 180, True), ("trial", 190, False),
    ("campaign", 0, False), ("campaign", 1, True), ("campaign", 368, False),
])  # fmt: skip
def test_until_when_it_goes_on(house: House, term: str, days: int, right: bool) -> None:
    account = AccountFactory.create(unit=house.unit)
    if term != "permanent":
        Account.objects.update(term=term, ends_on=account.today + timedelta(days=5))
    account = Account.objects.get()
    wanted = account.today + timedelta(days=days)
    if not right:
        with pytest.raises(Refused) as told:
            renew(account, house, next_on=wanted)
        assert told.value.field == "next_on"
        return
    renew(account, house, next_on=wanted)
    assert account.review_on == wanted
    assert account.ends_on == (None if term == "permanent" else wanted)


@pytest.mark.longer
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 24))
def test_a_month_later_is_the_same_day_or_the_last_one(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["permanent", "trial", "campaign"]))
def test_there_is_always_a_day_to_choose(today: date, term: str) -> None:
    first, last = review_window(term, today)
    assert today < first < last
    assert last <= today + timedelta(days=366)


def test_who_may_and_what_was_read(house: House) -> None:
    account = AccountFactory.create(unit=house.unit)
    for person in (house.author, house.chair, account.owner):
        with pytest.raises(PermissionDenied):
            renew(account, house, by=person)
    with pytest.raises(Refused, match="what worked"):
        renew(account, house, evaluation=" ")
    renew(account, house)
    with pytest.raises(Outdated):
        renew(account, house, edition=1)
    Account.objects.update(state=AccountState.ARCHIVED)
    account.refresh_from_db()
    with pytest.raises(Conflict):
        renew(account, house)


# ---- What ends by itself --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("ends", "held"), [(-1, True), (0, False), (1, False)])
def test_a_trial_ends_when_its_last_day_is_over(house: House, ends: int, held: bool) -> None:
    account = trial(house, ends)
    for_ever = AccountFactory.create(unit=house.unit, review_on=timezone.localdate() - timedelta(days=9))
    assert expire_accounts() == held
    account.refresh_from_db()
    for_ever.refresh_from_db()
    assert (account.state, for_ever.state) == ("suspended" if held else "active", "active")
    assert [one.verb for one in AuditEvent.objects.all()] == ["account.expire"] * held
    assert expire_accounts() == 0


def test_the_day_is_the_units_own(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the farthest zones two days are today at once: what is over in one of them goes on in the other."""
    east = AccountFactory.create(unit__time_zone="Pacific/Kiritimati")
    west = AccountFactory.create(unit__time_zone="Pacific/Pago_Pago")
    assert east.today > west.today
    for account in (east, west):
        Account.objects.filter(pk=account.pk).update(term="campaign", ends_on=west.today)
    expire_accounts()
    assert {one.pk: one.state for one in Account.objects.all()} == {east.pk: "suspended", west.pk: "active"}


def test_a_wrong_clock_ends_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    trial(house, 1)
    truly = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: truly() + timedelta(days=30))
    assert expire_accounts() == 0


def test_what_ended_is_told_and_begins_anew_by_its_review_alone(house: House) -> None:
    account = trial(house, -1)
    expire_accounts()
    account.refresh_from_db()
    look("account_over")
    told = {one.person.name for one in Addressee.objects.filter(notice__kind="account_over")}
    assert "Manager" in told
    assert "Renew the account" in lines(house.manager)
    with pytest.raises(Refused, match="is over"):
        reactivate_account(account=account, by=house.manager, reason="Again")
    renew(account, house, next_on=months_after(account.today, 3))
    assert account.state == AccountState.ACTIVE
    assert "Renew the account" not in lines(house.manager)
    verbs = list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["account.expire", "account.renewed", "account.reactivate"]
    look("account_over")
    assert not Addressee.objects.filter(notice__kind="account_over", notice__settled_at=None).exists()


def test_nothing_ends_before_its_day_whoever_looked_first(house: House) -> None:
    """The guard asks again behind the lock: somebody may have prolonged it since it was found."""
    with pytest.raises(Refused, match="not passed"):
        perform(ACCOUNT_LIFECYCLE, "expire", trial(house, 0), by=None)


def test_what_is_renewed_while_a_condition_is_overdue_stays_held(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    account = trial(house, -1)
    expire_accounts()
    account.refresh_from_db()
    monkeypatch.setattr("accounts_registry.policy.overdue_conditions", lambda _account: [Mock(text="Train them")])
    renew(account, house)
    assert (account.state, account.reviews.count()) == (AccountState.SUSPENDED, 1)


def test_what_is_held_for_another_reason_is_not_told_to_be_over(house: House) -> None:
    trial(house, 5, state=AccountState.SUSPENDED)
    AccountFactory.create(unit=house.unit, state=AccountState.SUSPENDED)
    look("account_over")
    assert not Addressee.objects.filter(notice__kind="account_over").exists()


@pytest.mark.parametrize("ends", [5, -1])
def test_what_a_person_suspended_stays_so_when_it_is_renewed(house: House, ends: int) -> None:
    account = trial(house, ends)
    suspend_account(account=account, by=house.manager, reason="An inquiry")
    account.refresh_from_db()
    renew(account, house, next_on=months_after(account.today, 3))
    assert account.state == AccountState.SUSPENDED
