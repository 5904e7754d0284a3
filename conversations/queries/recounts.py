"""Changes of working time that deadlines have not followed."""

from __future__ import annotations

from django.db.models import QuerySet

from conversations.models import Recount

MOST_TRIES = 10  # some nine hours
FAILING_AFTER = 3  # tries: some seven minutes


def failing_recounts() -> QuerySet[Recount]:
    """Given up, or broken off several times and tried on."""
    return Recount.objects.filter(tries__gte=FAILING_AFTER)
