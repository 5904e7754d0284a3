"""Two at once, in two real transactions: of two changes of the same facts one is written, and a pair stays a pair."""

from __future__ import annotations

from typing import Any

import pytest

from accounts_registry.actions import change_account, expire_accounts, renew_account
from accounts_registry.models import Account, AccountReview
from accounts_registry.queries.life import months_after
from organisation.lifecycle import Outdated
from organisation.models import AuditEvent, Person, Unit
from tests.factories.accounts_registry import AccountFactory
from tests.factories.closing import closed
from tests.factories.organisation import UnitFactory, person_with
from tests.publishing.test_races import meanwhile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.longer]


@pytest.fixture
def unit() -> Unit:
    made: Unit = UnitFactory.create()
    return made


@pytest.fixture
def manager(unit: Unit) -> Person:
    return person_with("account_manager", unit)


def change(account: Account, by: Person, **facts: Any) -> Account:
    mine = Account.objects.get(pk=account.pk)
    return change_account(account=mine, by=Person.objects.get(pk=by.pk), edition=1, reason="r", **facts)


def test_of_two_changes_of_the_same_facts_one_is_written(unit: Unit, manager: Person) -> None:
    account = AccountFactory.create(unit=unit)
    told = meanwhile(*[lambda text=text: change(account, manager, purpose=text) for text in ("One", "Two", "Three")])
    assert sorted(type(one).__name__ for one in told) == ["Account", "Outdated", "Outdated"]
    assert AuditEvent.objects.filter(verb="account.changed").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_who_want_the_same_sister_do_not_both_get_her(unit: Unit, manager: Person, _round: int) -> None:
    sister = AccountFactory.create(unit=unit, languages=["nl"])
    wooers = [AccountFactory.create(unit=unit, languages=[code]) for code in ("fr", "de")]
    told = meanwhile(*[lambda one=one: change(one, manager, pair=sister) for one in wooers])
    assert sum(isinstance(one, Account) for one in told) == 1
    pairs = dict(Account.objects.values_list("pk", "pair_id"))
    assert all(pairs[other] == one for one, other in pairs.items() if other is not None)
    assert list(pairs.values()).count(None) == 1


def test_nobody_is_left_with_a_sister_who_is_closed_meanwhile(unit: Unit, manager: Person) -> None:
    sister, account = AccountFactory.create(unit=unit, languages=["nl"]), AccountFactory.create(unit=unit)
    meanwhile(
        lambda: change(account, manager, pair=sister),
        lambda: closed(Account.objects.get(pk=sister.pk), manager),
    )
    sister.refresh_from_db()
    assert Account.objects.get(pk=account.pk).pair_id == (None if sister.state == "archived" else sister.pk)


def test_what_is_prolonged_while_it_ends_goes_on(unit: Unit, manager: Person) -> None:
    account = AccountFactory.create(unit=unit)
    over = months_after(account.today, -1)
    Account.objects.update(term="trial", ends_on=over, review_on=over)
    mine, later = Account.objects.get(), months_after(account.today, 4)
    facts = {"edition": 1, "evaluation": "Useful", "next_on": later}
    meanwhile(lambda: renew_account(account=mine, by=manager, **facts), expire_accounts)
    account.refresh_from_db()
    assert (account.state, account.ends_on) == ("active", later)
    assert AccountReview.objects.count() == 1
    with pytest.raises(Outdated):
        renew_account(account=Account.objects.get(), by=manager, **facts)
