"""What the broker may wake. No task carries anything: each finds its work in the database."""

from celery import shared_task
from django.db import close_old_connections

from delivery import actions, queries

# With the longest call after it, a run ends before its time limit, so that no call is cut off by it.
LONGEST_RUN = 20.0
# Seconds; a film's call is the longest.
SENDING_LIMIT = 600


@shared_task(name="delivery.tasks.send_due", time_limit=SENDING_LIMIT)
def send_due() -> None:
    """Sends what is due, but for films. Woken each second, and most of the time for nothing: that costs one look."""
    close_old_connections()
    if queries.is_anything_due():
        actions.send_what_is_due(seconds=LONGEST_RUN, films=False)


@shared_task(name="delivery.tasks.send_films", time_limit=SENDING_LIMIT)
def send_films() -> None:
    """Sends what is due and carries a film."""
    close_old_connections()
    actions.send_what_is_due(seconds=LONGEST_RUN, films=True)


@shared_task(name="delivery.tasks.resolve_unknown")
def resolve_unknown() -> None:
    """Looks on the networks for what became of sends whose outcome nobody knows."""
    close_old_connections()
    actions.look_for_the_unknown(seconds=LONGEST_RUN)
