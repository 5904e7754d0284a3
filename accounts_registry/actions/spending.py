"""A month's budget, and the money that is spent of it.

Spending is written in the transaction of what it pays for, under the lock of the budget: two workers cannot both spend
the last of it. That lock is the last one taken, whoever takes it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account, Budget, Spending
from accounts_registry.money import micro
from accounts_registry.queries.spending import costs, month_of, month_so_far, owner_pays_less
from networks.prices import price_of_reading
from organisation import audit, policy
from organisation.audit import action
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Person
from organisation.ration import Ration

PAID_LOOKS = Ration("paid-looks", an_hour=60)  # single messages that one account looks at, where each costs money
OWNER_LOCK = 0x4F574E52  # "OWNR": with the network, orders those who name the app's owner
LOOK_AGAIN = timedelta(minutes=1)  # whoever waits for money: somebody may raise the budget meanwhile
BUDGET_SET = audit.tell("account.budget_set", _("%(actor)s set what this account may spend in a month"))


class OutOfBudget(Exception):
    """Money is needed that may not be spent; `code` has a sentence in `accounts_registry.enums.network_sentence`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@action
def set_budget(
    *, account: Account, limit: int, kept_for_answers: int, by: Person, owns_app: bool | None = None
) -> Budget:
    """From now on `account` spends at most `limit` a month, in millionths of a dollar, of which answers alone may use
    `kept_for_answers`. What is spent already counts, at the prices of then.

    `owns_app`: whether the account owns the developer's app, where the network takes less then; None leaves it as it
    stands. Of the accounts on a network one at most can own it.
    """
    if not costs(account):
        raise Refused(_("This network takes no money for what Parvis does there."))
    if kept_for_answers > limit:
        raise Refused(_("No more can be kept for answers than may be spent."), field="kept_for_answers")
    told: dict[str, Any] = {"limit": limit, "kept_for_answers": kept_for_answers}
    facts = {**told, "set_by": by}
    budget, is_new = Budget.objects.select_for_update().get_or_create(account=account, defaults=facts)
    policy.require(by, Permission.ACCOUNT_MANAGE, account)
    told["owns_app"] = budget.owns_app if owns_app is None else owns_app
    if told["owns_app"]:
        _require_sole_owner(account)
    # Where there was no budget, there was none of its figures, and the dearer price counted.
    before = {"owns_app": budget.owns_app} if is_new else audit.values_of(budget, told)
    Budget.objects.filter(pk=budget.pk).update(**facts, owns_app=told["owns_app"], set_at=Now())
    budget.refresh_from_db()
    audit.record(verb=BUDGET_SET, thing=account, by=by, **told, **audit.differences(before, told))
    return budget


def _require_sole_owner(account: Account) -> None:
    """Refused where the network knows no owner, or another account has been named already: then one is wrong, and
    nobody may count too little for it. For whoever says so at the same time, one after the other."""
    if not owner_pays_less(account):
        raise Refused(_("On this network, who owns the app makes no difference to the price."), field="owns_app")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [OWNER_LOCK, crc32(account.network.encode()) % 2**31])
    others = Budget.objects.filter(owns_app=True, account__network=account.network).exclude(account=account)
    if others.exists():
        raise Refused(
            _("Another account already stands as the owner of this app; there is only one."), field="owns_app"
        )


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


@transaction.atomic(savepoint=False)
def count_reading(*, account: Account, mentions: int = 0, others: int = 0, users: int = 0) -> None:
    """Writes down what so many messages of the account's own inbox, so many others, and so many people shown with them
    have cost to read. Never refused: it has happened.

    In the transaction that stores them, where they are stored.
    """
    if not costs(account):
        return
    owns_app = Budget.objects.select_for_update().filter(account=account, owns_app=True).exists()
    told = {"mentions": mentions, "others": others, "users": users}
    cost = micro(price_of_reading(account.network, **told, owns_app=owns_app))
    count = mentions + others
    count_spending(account=account, what=Spent.READING, amount=cost, count=count, at=database_now())
