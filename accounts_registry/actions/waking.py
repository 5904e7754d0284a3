"""Knocking at the workers' door."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def wake(task: str) -> None:
    """Asks a worker for `task` now. A broker that is down costs time: the clockwork wakes them by itself."""
    try:
        current_app.send_task(task, retry=False)
    except OperationalError as error:
        log.warning("no worker woken, the broker does not answer: %s", error)


def wake_revocations() -> None:
    wake("accounts_registry.tasks.revoke_pending")


def wake_lookups() -> None:
    wake("accounts_registry.tasks.answer_lookups")
