"""A month's budget, and the money that is spent of it.

Spending is written in the transaction of what it pays for, under the lock of the budget: two workers cannot both spend
the last of it. That lock is the last one taken, whoever takes it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account, Budget, Spending
from accounts_registry.money import micro
from accounts_registry.queries.moments import database_now
from accounts_registry.queries.spending import costs, month_of, month_so_far
from networks.prices import price_of_reading
from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Person
from organisation.ration import Ration

PAID_LOOKS = Ration("paid-looks", an_hour=60)  # single messages that one account looks at, where each costs money
LOOK_AGAIN = timedelta(minutes=1)  # whoever waits for money: somebody may raise the budget meanwhile
BUDGET_SET = audit.tell("account.budget_set", _("%(actor)s set what this account may spend in a month"))


class OutOfBudget(Exception):
    """Money is needed that may not be spent; `code` has a sentence in `accounts_registry.enums.network_sentence`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@action
def set_budget(*, account: Account, limit: int, kept_for_answers: int, by: Person) -> Budget:
    """From now on `account` spends at most `limit` a month, in millionths of a dollar, of which answers alone may use
    `kept_for_answers`. What is spent already counts."""
    policy.require(by, Permission.ACCOUNT_MANAGE, account)
    if not costs(account):
        raise Refused(_("This network takes no money for what Parvis does there."))
    if kept_for_answers > limit:
        raise Refused(_("No more can be kept for answers than may be spent."), field="kept_for_answers")
    amounts = {"limit": limit, "kept_for_answers": kept_for_answers}
    before = audit.values_of(Budget.objects.select_for_update().filter(account=account).first(), amounts)
    facts = {**amounts, "set_by": by, "set_at": Now()}
    budget, _made = Budget.objects.select_for_update().update_or_create(account=account, defaults=facts)
    audit.record(verb=BUDGET_SET, thing=account, by=by, **amounts, **audit.differences(before, amounts))
    return budget


def require_reading(*, account: Account, at: datetime) -> None:
    """Raises OutOfBudget where nothing may be read any more at `at` (aware). Networks without prices are free."""
    so_far = month_so_far(account, at)
    if so_far is not None and (code := so_far.stop(Spent.READING)):
        raise OutOfBudget(code)


def pay(*, account: Account, what: Spent, amount: int, at: datetime) -> None:
    """Spends `amount` for one message; raises OutOfBudget, and spends nothing, where the budget does not allow it.

    Inside the transaction of what it pays for.
    """
    Budget.objects.select_for_update().filter(account=account).first()
    so_far = month_so_far(account, at)
    if so_far is not None and (code := so_far.stop(what, amount)):
        raise OutOfBudget(code)
    count_spending(account=account, what=what, amount=amount, count=1, at=at)


def count_spending(*, account: Account, what: Spent, amount: int, count: int, at: datetime) -> None:
    """Writes down what has been spent; negative where the network certainly charged nothing after all."""
    if not amount:
        return
    Budget.objects.select_for_update().filter(account=account).first()
    row: dict[str, Any] = {"account": account, "month": month_of(account, at), "what": what}
    Spending.objects.get_or_create(**row)
    Spending.objects.filter(**row).update(amount=F("amount") + amount, count=F("count") + count)


@transaction.atomic
def count_reading(*, account: Account, mentions: int = 0, others: int = 0) -> None:
    """Writes down what so many messages of the account's own inbox, and so many others, have cost to read.

    In the transaction that stores them, where they are stored.
    """
    cost = micro(price_of_reading(account.network, mentions=mentions, others=others))
    count = mentions + others
    count_spending(account=account, what=Spent.READING, amount=cost, count=count, at=database_now())
