"""What reading costs, where the network charges for each message that it returns."""

from __future__ import annotations

from datetime import timedelta

from accounts_registry.actions import count_spending
from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account
from accounts_registry.money import micro
from delivery.queries import database_now
from networks.prices import price_of_reading

LOOK_AGAIN = timedelta(minutes=1)  # somebody may raise the budget meanwhile


def count_reading(*, account: Account, mentions: int = 0, others: int = 0) -> None:
    """Writes down what so many messages of the account's own, and so many others, have cost to read.

    In the transaction that stores them.
    """
    cost = micro(price_of_reading(account.network, mentions=mentions, others=others))
    count = mentions + others
    count_spending(account=account, what=Spent.READING, amount=cost, count=count, at=database_now())
