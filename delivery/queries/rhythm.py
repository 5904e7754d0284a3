"""How often accounts spoke: messages of their own that went out, against the rhythm that their dossier agreed on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from accounts_registry.models import Account
from accounts_registry.queries.effectiveness import Month, agreed_a_week
from delivery.enums import DeliveryState
from delivery.models import Delivery

WEEK = 7


def cadence(accounts: Sequence[Account], months: Sequence[Month]) -> Mapping[int, Sequence[float | None]]:
    """Published in each month, divided by what a month of the agreed messages a week makes; what replies to citizens
    counts for nothing. None for an account whose dossier agreed on none."""
    counted = [_published(accounts, month) for month in months]
    told: dict[int, list[float | None]] = {}
    for one in accounts:
        rhythm = agreed_a_week(one)
        weeks = [(until - since).days / WEEK for since, until in months]
        if rhythm:
            told[one.pk] = [found[one.pk] / (rhythm * span) for found, span in zip(counted, weeks, strict=True)]
        else:
            told[one.pk] = [None for _month in months]
    return told


def _published(accounts: Sequence[Account], month: Month) -> Mapping[int, int]:
    since, until = month
    out = Delivery.objects.filter(
        account__in=[one.pk for one in accounts],
        state=DeliveryState.PUBLISHED,
        is_reply=False,
        published_at__gte=since,
        published_at__lt=until,
    )
    return Counter(out.values_list("account", flat=True))
