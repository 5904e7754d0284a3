"""What the broker may wake. No task carries anything: each finds its work in the database."""

from celery import shared_task
from django.db import close_old_connections

from notices import actions
from organisation import due

LONGEST_RUN = 20.0


@shared_task(name="notices.tasks.look_around")
def look_around() -> None:
    """Looks for what has to be told, and for what no longer stands."""
    close_old_connections()
    actions.look_around(seconds=LONGEST_RUN)


@shared_task(name="notices.tasks.send_letters")
def send_letters() -> None:
    """Writes and sends the letters that are due."""
    close_old_connections()
    actions.send_letters(seconds=LONGEST_RUN)


@shared_task(name="notices.tasks.call_webhooks")
def call_webhooks() -> None:
    """Calls the webhooks that are due, and before that takes up what happened."""
    close_old_connections()
    actions.feed_webhooks()
    due.work(actions.call_webhook, seconds=LONGEST_RUN)


@shared_task(name="notices.tasks.purge")
def purge() -> None:
    """Deletes what is over."""
    close_old_connections()
    actions.purge()
