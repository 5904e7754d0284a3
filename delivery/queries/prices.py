"""What a message would cost, told before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts_registry.enums import network_sentence
from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account
from accounts_registry.money import dollars, micro
from accounts_registry.queries import MonthSoFar, costs, months_so_far
from networks.catalogue import NETWORKS
from networks.prices import price_of
from networks.types import Draft
from organisation.clock import database_now


@dataclass(frozen=True)
class Price:
    """Of one message: `amount` as it stands, in millionths of a dollar; without and with a link, for the browser."""

    amount: int
    plain: int
    linked: int
    month: MonthSoFar
    what: Spent

    @property
    def has_link(self) -> bool:
        return self.amount == self.linked

    @property
    def told(self) -> str:
        return dollars(self.amount)

    @property
    def plain_told(self) -> str:
        return dollars(self.plain)

    @property
    def linked_told(self) -> str:
        return dollars(self.linked)

    @property
    def stopped(self) -> str:
        """Why it could not be paid for now, as a sentence; empty where it could."""
        return network_sentence(self.month.stop(self.what, self.amount))


def months_of(accounts: Iterable[Account], at: datetime | None = None) -> dict[int, MonthSoFar]:
    """The months of those accounts that cost money, by id: at `at` (aware) where that is still to come, else now."""
    charged = [account for account in accounts if costs(account)]
    if not charged:
        return {}
    now = database_now()
    return months_so_far(charged, max(at, now) if at else now)


def price_told(draft: Draft, account: Account, months: Mapping[int, MonthSoFar], what: Spent) -> Price | None:
    """What sending `draft` costs, beside the month in `months`; None where it costs nothing."""
    month, amount = months.get(account.pk), price_of(draft, account.network)
    prices = NETWORKS[account.network].capabilities.prices if account.network in NETWORKS else None
    if month is None or amount is None or prices is None:
        return None
    plain, linked = (prices.sending(linked=linked, summoned=draft.summoned) for linked in (False, True))
    return Price(micro(amount), micro(plain), micro(linked), month, what)
