"""What workers do in the inbox. The clock wakes them; what there is to do stands in the database."""

from __future__ import annotations

from celery import shared_task

from delivery.actions import agrees
from monitoring.actions import fetch_pictures, forget_calls, pull_what_is_due, purge_expired


@shared_task(name="monitoring.tasks.pull_streams")
def pull_streams() -> None:
    """A copy does not read in its original's name, nor at its cost."""
    if agrees():
        pull_what_is_due(seconds=60)


@shared_task(name="monitoring.tasks.purge_mentions")
def purge_mentions() -> None:
    purge_expired()
    forget_calls()


@shared_task(name="monitoring.tasks.fetch_pictures")
def fetch_shown_pictures() -> None:
    """Fetches the pictures of messages that somebody has open."""
    if agrees():
        fetch_pictures(seconds=20)
