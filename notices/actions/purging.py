"""Notices have an end date."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from notices.models import Letter, Notice, WebhookCall

KEPT = timedelta(days=30)


def purge() -> int:
    """Deletes what was settled a month ago, with whom it was told; how many."""
    WebhookCall.objects.filter(notice__isnull=True, ended_at__lte=Now() - KEPT).delete()
    Letter.objects.filter(created_at__lte=Now() - KEPT - KEPT).delete()
    _all, counts = Notice.objects.filter(settled_at__lte=Now() - KEPT).delete()
    return counts.get("notices.Notice", 0)
