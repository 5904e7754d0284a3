"""What a send costs, where its network takes money: paid with the claim, given back when nothing was sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from accounts_registry.actions import count_spending, pay
from accounts_registry.models import Account
from accounts_registry.money import micro
from accounts_registry.queries import month_so_far
from delivery.content import Content, as_draft
from delivery.enums import Outcome
from delivery.models import Attempt, Delivery
from delivery.origins import kind_of
from networks.prices import price_of
from organisation.clock import database_now

# How an attempt ends for which the network certainly took nothing.
FREE = (Outcome.HELD, Outcome.LATER, Outcome.REFUSED)


def cost_of(account: Account, content: Content) -> int:
    """What sending `content` once costs, in millionths of a dollar; nothing where the network is free."""
    return micro(price_of(as_draft(content), account.network) or Decimal(0))


def pay_for(delivery: Delivery) -> int:
    """Spends what the send costs, and says how much. Raises OutOfBudget where the month's budget does not allow it."""
    cost = cost_of(delivery.account, delivery.content)
    if cost:
        pay(account=delivery.account, what=kind_of(delivery.origin_kind).spends, amount=cost, at=database_now())
    return cost


def in_the_way(account: Account, origin_kind: str, contents: Iterable[Content], at: datetime) -> str:
    """The code of why `contents` could not be paid for at `at` (aware), by what is spent; empty where they could."""
    cost = sum(cost_of(account, content) for content in contents)
    so_far = month_so_far(account, max(at, database_now())) if cost else None
    return so_far.stop(kind_of(origin_kind).spends, cost) if so_far else ""


def give_back(delivery: Delivery, *, epochs: list[int]) -> None:
    """The attempts of these epochs certainly cost nothing."""
    for attempt in Attempt.objects.filter(delivery=delivery, epoch__in=epochs, cost__gt=0):
        what = kind_of(delivery.origin_kind).spends
        count_spending(account=delivery.account, what=what, amount=-attempt.cost, count=-1, at=attempt.started_at)
        Attempt.objects.filter(pk=attempt.pk).update(cost=0)
