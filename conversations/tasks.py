"""What workers do in the inbox. The clock wakes them; what there is to do stands in the database."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from conversations import actions


@shared_task(name="conversations.tasks.recount_deadlines")
def recount_deadlines() -> None:
    """Moves the deadlines that a change of working time moved."""
    close_old_connections()
    actions.recount_what_is_due(seconds=60)
