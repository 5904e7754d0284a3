"""What publishing does by the clock."""

from __future__ import annotations

from celery import shared_task
from django.db.models.functions import Now

from organisation.lifecycle import Conflict
from publishing.actions import expire_overdue
from publishing.enums import PostState
from publishing.models import Post


@shared_task
def expire_approved() -> int:
    """Approved posts whose planned time has passed wait for a new one; returns how many."""
    expired = 0
    for post in Post.objects.filter(state=PostState.APPROVED, due_at__lte=Now()).order_by("pk")[:500]:
        try:
            expire_overdue(post=post)
        except Conflict:
            continue  # somebody was quicker
        expired += 1
    return expired
