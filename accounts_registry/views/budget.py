"""The part of an account's page that speaks of money, where its network takes any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_registry.enums.spending import Spent
from accounts_registry.forms.budget import BudgetForm
from accounts_registry.models import Account
from accounts_registry.money import dollars, micro
from accounts_registry.queries.spending import MonthSoFar, month_so_far, prices_of
from accounts_registry.queries.waiting import stopped_sentence
from networks.kinds import Prices
from organisation import policy
from organisation.enums import Permission
from organisation.models import Person


@dataclass(frozen=True)
class Piece:
    """A stretch of the bar, in hundredths of the limit."""

    what: Spent
    start: str
    width: str


def budget_part(account: Account, person: Person, refused: BudgetForm | None = None) -> dict[str, Any]:
    """What the template needs; empty where the network is free."""
    so_far = month_so_far(account, timezone.now())
    if so_far is None:
        return {}
    may_set = policy.allows(person, Permission.ACCOUNT_MANAGE, account)
    return {
        "budget": so_far,
        "budget_kept": dollars(so_far.kept),
        "budget_stopped": stopped_sentence(so_far),
        "budget_bar": _bar(so_far),
        "prices": _price_table(prices_of(account)),
        "budget_form": (refused or BudgetForm(account=account)) if may_set else None,
    }


@dataclass(frozen=True)
class Told:
    """What the network charges, in words, and who said so when."""

    lines: list[tuple[str, str]]
    at: date | None
    source: str


def _price_table(prices: Prices | None) -> Told | None:
    if prices is None:
        return None
    amounts = [
        (_("a post, or an answer"), prices.post),
        (_("the same with a link"), prices.post_with_link),
        (_("an answer without a link to somebody who turned to the account"), prices.summoned_reply),
        (_("a message of the inbox, read"), prices.mention),
        (_("the same where the account owns the app"), prices.own_mention),
        (_("another message, read"), prices.read),
        (_("a person, shown with their messages"), prices.user),
    ]
    return Told([(what, dollars(micro(amount))) for what, amount in amounts if amount], prices.at, prices.source)


def _bar(so_far: MonthSoFar) -> list[Piece]:
    """Posts, answers and reading side by side; what goes over the limit fills the bar."""
    whole = max(so_far.limit or 0, so_far.total)
    pieces, start = [], 0.0
    for part in so_far.parts if whole else ():
        width = part.amount * 100 / whole
        pieces.append(Piece(part.what, f"{start:.2f}", f"{width:.2f}"))
        start += width
    return pieces
