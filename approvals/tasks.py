"""What approvals does by the clock."""

from __future__ import annotations

from celery import shared_task

from approvals.actions import recount
from approvals.models import Request
from approvals.queries import begun
from organisation.lifecycle import Conflict


@shared_task
def recount_open() -> int:
    """Steps whose taker may no longer approve are asked for again, before the last one is taken; returns how many."""
    recounted = 0
    for request in Request.objects.filter(pk__in=begun()).order_by("pk"):
        try:
            recount(request=request)
        except Conflict:
            continue  # every hand still counts
        recounted += 1
    return recounted
