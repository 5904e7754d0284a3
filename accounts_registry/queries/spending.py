"""What an account has spent this month, and what it may still spend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts_registry.enums.spending import BUDGET_MISSING, BUDGET_USED_UP, Spent
from accounts_registry.models import Account, Budget, Spending
from accounts_registry.money import dollars
from networks.catalogue import NETWORKS
from networks.kinds import Prices


@dataclass(frozen=True)
class Part:
    """What went on one thing: `amount` in millionths of a dollar, for `count` messages."""

    what: Spent
    amount: int = 0
    count: int = 0

    @property
    def told(self) -> str:
        return dollars(self.amount)


@dataclass(frozen=True)
class MonthSoFar:
    """One account's month. `limit` is None where nobody has set a budget."""

    account: Account
    month: date
    limit: int | None = None
    kept: int = 0
    spent: Mapping[str, Part] = field(default_factory=dict)

    @property
    def parts(self) -> list[Part]:
        """Every kind of spending, in a fixed order."""
        return [self.spent.get(what, Part(what)) for what in Spent]

    @property
    def total(self) -> int:
        return sum(part.amount for part in self.spent.values())

    @property
    def ends(self) -> date:
        """The first day of the next month: from then on there is money again."""
        return (self.month + timedelta(days=31)).replace(day=1)

    def stop(self, what: Spent, amount: int = 0) -> str:
        """The code of why `amount` may not be spent on `what`; empty where it may.

        What a reading costs is known afterwards only: it stops when nothing is left for it.
        """
        if self.limit is None:
            return BUDGET_MISSING
        left = self.limit - self.total - (0 if what is Spent.ANSWER else self.kept)
        return BUDGET_USED_UP if left < amount or left <= 0 else ""

    @property
    def is_spare(self) -> bool:
        """True while less than half of what may go on reading and posts is spent: enough for what can also wait."""
        return self.limit is not None and self.total * 2 < self.limit - self.kept

    @property
    def sentence(self) -> str:
        """ "November so far: $12.40 of $100.00." """
        facts = {"month": date_format(self.month, "F").capitalize(), "spent": dollars(self.total)}
        if self.limit is None:
            return _("%(month)s so far: %(spent)s. Nobody has set a budget.") % facts
        return _("%(month)s so far: %(spent)s of %(limit)s.") % (facts | {"limit": dollars(self.limit)})


def costs(account: Account) -> bool:
    """True where the account's network takes money for calls."""
    return prices_of(account) is not None


def prices_of(account: Account) -> Prices | None:
    """What the account's network takes; None where it is free."""
    network = NETWORKS.get(account.network)
    return network.capabilities.prices if network else None


def owner_pays_less(account: Account) -> bool:
    """True where the network takes less for reading from the account that owns the developer's app."""
    prices = prices_of(account)
    return prices is not None and prices.own_mention is not None


def charging_networks() -> list[str]:
    """Catalogue keys of the networks that take money."""
    return [key for key, network in NETWORKS.items() if network.capabilities.prices is not None]


def month_of(account: Account, at: datetime) -> date:
    """The first day of the month that `at` (aware) lies in, where the account's unit is."""
    return at.astimezone(account.unit.zone).date().replace(day=1)


def months_so_far(accounts: Iterable[Account], at: datetime) -> dict[int, MonthSoFar]:
    """By account id, of those that cost money, the month of `at` (aware). Two queries at most."""
    months = {account.pk: (account, month_of(account, at)) for account in accounts if costs(account)}
    if not months:
        return {}
    budgets = {budget.account_id: budget for budget in Budget.objects.filter(account__in=months)}
    spent: dict[int, dict[str, Part]] = {}
    for one in Spending.objects.filter(account__in=months, month__in={month for _account, month in months.values()}):
        if one.month == months[one.account_id][1]:
            spent.setdefault(one.account_id, {})[one.what] = Part(Spent(one.what), one.amount, one.count)
    return {pk: _month(account, month, budgets.get(pk), spent.get(pk, {})) for pk, (account, month) in months.items()}


def month_so_far(account: Account, at: datetime) -> MonthSoFar | None:
    """The month of `at` (aware); None where the account's network takes no money."""
    return months_so_far([account], at).get(account.pk)


def _month(account: Account, month: date, budget: Budget | None, spent: dict[str, Part]) -> MonthSoFar:
    if budget is None:
        return MonthSoFar(account, month, spent=spent)
    return MonthSoFar(account, month, budget.limit, budget.kept_for_answers, spent)
