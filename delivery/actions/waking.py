"""Knocking at the workers' door."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

SEND_DUE = "delivery.tasks.send_due"
LOOK = "delivery.tasks.resolve_unknown"


def wake_sender() -> None:
    """Asks a worker to look at the line now."""
    _wake(SEND_DUE)


def wake_looker() -> None:
    """Asks a worker to look for what is uncertain now."""
    _wake(LOOK)


def _wake(task: str) -> None:
    """A broker that is down costs seconds: the clockwork looks by itself."""
    try:
        current_app.send_task(task, retry=False)
    except OperationalError as error:
        log.warning("no worker woken, the broker does not answer: %s", error)
