"""Which share of what citizens asked of an account was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Count, Q

from accounts_registry.models import Account
from accounts_registry.queries.effectiveness import Month
from conversations.models import Conversation


def response_rate(accounts: Sequence[Account], months: Sequence[Month]) -> Mapping[int, Sequence[float | None]]:
    """Of the conversations of each month to which an answer was owed, how many have one; what was closed without an
    answer, or is late, stays in the count. None for a month in which nobody asked."""
    told: dict[int, list[float | None]] = {one.pk: [] for one in accounts}
    for since, until in months:
        owed = Conversation.objects.filter(
            account__in=list(told), received_at__gte=since, received_at__lt=until, deadline__isnull=False
        )
        rows = (
            owed.order_by()
            .values_list("account")
            .annotate(asked=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False)))
        )
        found: dict[int, float | None] = defaultdict(lambda: None)
        found.update({account: answered / asked for account, asked, answered in rows})
        for pk, series in told.items():
            series.append(found[pk])
    return told
