"""What publishing does by the clock."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections
from django.db.models.functions import Now

from organisation.lifecycle import Conflict
from publishing import actions
from publishing.actions import expire_overdue, reopen_review
from publishing.enums import PostState
from publishing.models import Post
from publishing.queries.approvers import unbacked

LONGEST_RUN = 60.0


@shared_task(name="publishing.tasks.read_uploads")
def read_uploads() -> None:
    """Looks at the files that people sent; on a queue of its own (settings.CELERY_TASK_ROUTES)."""
    close_old_connections()
    actions.read_uploads(seconds=LONGEST_RUN)


@shared_task(name="publishing.tasks.read_cards")
def read_cards() -> None:
    """Reads the pages behind links, for their cards; on the queue of slow servers (settings.CELERY_TASK_ROUTES)."""
    close_old_connections()
    actions.read_cards(seconds=LONGEST_RUN)


@shared_task(name="publishing.tasks.expire_uploads")
def expire_uploads() -> None:
    """Refuses what nobody looked at, and throws files away."""
    close_old_connections()
    actions.expire_uploads()


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


@shared_task
def reopen_unbacked() -> int:
    """Posts whose approver may no longer approve wait for another one, ahead of their time; returns how many."""
    reopened = 0
    for post in Post.objects.filter(pk__in=unbacked()).order_by("pk"):
        try:
            reopen_review(post=post)
        except Conflict:
            continue  # somebody was quicker
        reopened += 1
    return reopened
