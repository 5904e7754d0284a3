"""A month's money: counted in whole millionths, in the unit's own month, and never spent twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts_registry.actions import OutOfBudget, count_reading, count_spending, pay, require_reading, set_budget
from accounts_registry.enums.spending import BUDGET_MISSING, BUDGET_USED_UP, Spent
from accounts_registry.models import Account, Budget, Spending
from accounts_registry.money import MICRO, dollars, micro
from accounts_registry.queries import month_so_far, months_so_far, stopped_sentence, waiting_for
from organisation.lifecycle import Refused
from organisation.models import Person
from organisation.queries import story
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.prices import CHARGING, FINE_PRICES, charge, give_budget

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 15, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def charged(monkeypatch: pytest.MonkeyPatch) -> None:
    charge(monkeypatch)


@pytest.fixture
def account(db: None) -> Account:
    return ConnectedAccountFactory.create(unit=UnitFactory.create(), network=CHARGING)


@pytest.fixture
def manager(account: Account) -> Person:
    return person_with("account_manager", account.unit)


def spend(account: Account, what: Spent, amount: float, at: datetime = NOON) -> None:
    with transaction.atomic():
        pay(account=account, what=what, amount=int(amount * MICRO), at=at)


def test_money_is_told_as_people_write_it() -> None:
    assert [dollars(amount) for amount in (0, 200_000, 15_000, 1_000, 12_400_000, 1_234_500_000)] == [
        "$0.00",
        "$0.20",
        "$0.015",
        "$0.001",
        "$12.40",
        "$1,234.50",
    ]
    assert micro(Decimal("0.0000001")) == 1, "never less than it costs"


def test_without_a_budget_nothing_is_read_or_sent(account: Account) -> None:
    with pytest.raises(OutOfBudget, match=BUDGET_MISSING):
        require_reading(account=account, at=NOON)
    for what in Spent:
        with pytest.raises(OutOfBudget, match=BUDGET_MISSING):
            spend(account, what, 0.01)
    assert not Spending.objects.exists()


def test_reading_and_posts_stop_before_answers_do(account: Account) -> None:
    give_budget(account, 10, kept=4)
    spend(account, Spent.POST, 5.5)
    require_reading(account=account, at=NOON)
    with pytest.raises(OutOfBudget, match=BUDGET_USED_UP):
        spend(account, Spent.POST, 0.6)
    with transaction.atomic():
        count_spending(account=account, what=Spent.READING, amount=700_000, count=140, at=NOON)
    with pytest.raises(OutOfBudget, match=BUDGET_USED_UP):
        require_reading(account=account, at=NOON)
    spend(account, Spent.ANSWER, 3.8)
    with pytest.raises(OutOfBudget):
        spend(account, Spent.ANSWER, 0.01)
    so_far = month_so_far(account, NOON)
    assert so_far is not None
    assert {part.what: (part.amount, part.count) for part in so_far.parts} == {
        Spent.POST: (5_500_000, 1),
        Spent.ANSWER: (3_800_000, 1),
        Spent.READING: (700_000, 140),
    }
    assert so_far.sentence == "November so far: $10.00 of $10.00."


def test_a_month_is_the_units_own(account: Account) -> None:
    """Eleven in the evening of 30 November in London is December in Brussels."""
    give_budget(account, 1)
    spend(account, Spent.POST, 1, datetime(2026, 11, 30, 22, 59, tzinfo=UTC))
    with pytest.raises(OutOfBudget):
        spend(account, Spent.POST, 1, datetime(2026, 11, 30, 22, 59, tzinfo=UTC))
    spend(account, Spent.POST, 1, datetime(2026, 11, 30, 23, 1, tzinfo=UTC))
    assert list(Spending.objects.values_list("month", flat=True)) == [date(2026, 12, 1), date(2026, 11, 1)]


def test_a_network_without_prices_needs_no_budget(account: Account) -> None:
    free = ConnectedAccountFactory.create(unit=account.unit, network="bluesky")
    require_reading(account=free, at=NOON)
    assert month_so_far(free, NOON) is None
    with pytest.raises(Refused):
        set_budget(account=free, limit=1, kept_for_answers=0, by=person_with("account_manager", free.unit))


def test_setting_a_budget_is_one_event_and_not_everybodys(account: Account, manager: Person) -> None:
    set_budget(account=account, limit=100 * MICRO, kept_for_answers=20 * MICRO, by=manager)
    [event] = [one for one in story(account) if one.verb == "account.budget_set"]
    assert event.details["limit"] == 100 * MICRO
    # There was no budget, and nobody had said that the account owns the app: that is no change.
    assert event.details["changes"] == {"limit": [None, 100 * MICRO], "kept_for_answers": [None, 20 * MICRO]}
    with pytest.raises(Refused):
        set_budget(account=account, limit=1, kept_for_answers=2, by=manager)
    with pytest.raises(PermissionDenied):
        set_budget(account=account, limit=1, kept_for_answers=0, by=person_with("communication_cell", account.unit))
    assert Budget.objects.get().limit == 100 * MICRO


@pytest.mark.parametrize("count", [1, 3])
def test_the_months_of_many_accounts_are_two_questions(
    account: Account, count: int, django_assert_num_queries: Any
) -> None:
    many = [account, *ConnectedAccountFactory.create_batch(count - 1, unit=account.unit, network=CHARGING)]
    for one in many:
        give_budget(one, 5)
        spend(one, Spent.POST, 1)
    with django_assert_num_queries(2):
        found = months_so_far(many, NOON)
    assert [found[one.pk].total for one in many] == [MICRO] * count


def test_only_one_account_owns_the_app_and_only_where_that_matters(
    account: Account, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dearer price counts until somebody says so; who says so stands in the trail, with what it was before."""
    money = {"limit": 100 * MICRO, "kept_for_answers": 0}
    with pytest.raises(Refused, match="makes no difference"):
        set_budget(account=account, **money, owns_app=True, by=manager)
    charge(monkeypatch, FINE_PRICES)
    set_budget(account=account, **money, by=manager)
    assert not Budget.objects.get().owns_app
    set_budget(account=account, **money, owns_app=True, by=manager)
    set_budget(account=account, **money, by=manager)
    assert Budget.objects.get().owns_app, "a new amount leaves it as it stands"
    events = [one.details for one in story(account) if one.verb == "account.budget_set"]
    assert [one["owns_app"] for one in events] == [True, True, False]
    assert events[1]["changes"] == {"owns_app": [False, True]}
    other = ConnectedAccountFactory.create(unit=account.unit, network=CHARGING)
    with pytest.raises(Refused, match="there is only one"):
        set_budget(account=other, **money, owns_app=True, by=manager)
    set_budget(account=account, **money, owns_app=False, by=manager)
    set_budget(account=other, **money, owns_app=True, by=manager)


def test_reading_is_counted_without_a_budget_too_and_free_networks_count_nothing(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge(monkeypatch, FINE_PRICES)
    count_reading(account=account, others=1, users=2)
    assert Spending.objects.get().amount == 25_000
    count_reading(account=ConnectedAccountFactory.create(unit=account.unit, network="bluesky"), others=5, users=5)
    assert Spending.objects.count() == 1


# ---- Pages ----------------------------------------------------------------------------------------------------------
def page(person: Person, account: Account) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse("accounts_registry:account_detail", args=[account.pk])).content.decode()


@pytest.mark.longer
def test_the_page_tells_sets_and_says_what_stopped(account: Account, manager: Person) -> None:
    assert "Until somebody sets one, nothing is sent" in page(manager, account)
    client = Client()
    client.force_login(manager)
    url = reverse("accounts_registry:account_budget", args=[account.pk])
    wrong = client.post(url, {"limit": "5", "kept_for_answers": "6"})
    assert wrong.status_code == 422
    assert "No more can be kept" in wrong.content.decode()
    for nonsense in ({"limit": "-1", "kept_for_answers": "0"}, {"limit": "NaN", "kept_for_answers": "0"}, {}):
        assert client.post(url, nonsense).status_code == 422
    assert client.post(url, {"limit": "100", "kept_for_answers": "20"}).status_code == 302
    html = page(manager, account)
    assert "$0.00 of $100.00." in html
    assert "$20.00 is kept for answers" in html
    auditor = page(person_with("auditor", account.unit), account)
    assert "What it costs" in auditor
    assert "Set this budget" not in auditor


@pytest.mark.longer
def test_the_page_tells_prices_with_their_date_and_source_and_asks_who_owns_the_app(
    account: Account, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "owns the app" not in page(manager, account)
    charge(monkeypatch, FINE_PRICES)
    html = page(manager, account)
    assert "As the network published them on Aug. 1, 2026:" in html or "1 August 2026" in html
    assert "https://prices.example/api" in html
    for amount in ("$0.015", "$0.20", "$0.01", "$0.005", "$0.001"):
        assert f"<td>{amount}</td>" in html
    client = Client()
    client.force_login(manager)
    url = reverse("accounts_registry:account_budget", args=[account.pk])
    client.post(url, {"limit": "100", "kept_for_answers": "20", "owns_app": "on"})
    assert Budget.objects.get().owns_app
    assert re.search(r'<input[^>]*name="owns_app"[^>]* checked', page(manager, account))
    client.post(url, {"limit": "100", "kept_for_answers": "20"})
    assert not Budget.objects.get().owns_app


def test_what_stopped_waits_for_who_can_mend_it(account: Account, manager: Person) -> None:
    assert "nobody has set a budget" in str([one.detail for one in waiting_for(manager)])
    give_budget(account, 10, kept=4)
    assert not [one for one in waiting_for(manager) if "budget" in one.url]
    spend(account, Spent.POST, 6)
    so_far = month_so_far(account, NOON)
    assert so_far is not None
    assert stopped_sentence(so_far) == (
        f"Reading of {account.label} stopped: the month's budget is used up until 1 December; answering goes on."
    )
    spend(account, Spent.ANSWER, 4)
    so_far = month_so_far(account, NOON)
    assert so_far is not None
    assert "and so did sending" in stopped_sentence(so_far)


# ---- Races ----------------------------------------------------------------------------------------------------------
@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_both_spend_the_last_of_it(account: Account) -> None:
    give_budget(account, 5)

    def try_one(_number: int) -> bool:
        try:
            spend(account, Spent.POST, 1)
        except OutOfBudget:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        paid = list(pool.map(try_one, range(24)))
    assert paid.count(True) == 5
    assert Spending.objects.get().amount == 5 * MICRO
