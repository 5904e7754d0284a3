"""A Celery worker as in production, but for two things: its clockwork wakes for sending and sealing alone, since the
benchmark's network has no inboxes; and it counts what its sending threads spend their time on.

At SIGUSR2 it writes that, as JSON, to a file named after its process in the folder PARVIS_BENCH_SPENT.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from governance.celery import app

django.setup()

from django.db.backends.postgresql.base import DatabaseWrapper  # noqa: E402 - after the set-up
from django.db.backends.signals import connection_created  # noqa: E402 - after the set-up
from django.dispatch import receiver  # noqa: E402 - after the set-up

from networks.mastodon.connector import MastodonConnector  # noqa: E402 - after the set-up

__all__ = ["app"]

app.conf.beat_schedule = {
    name: entry
    for name, entry in app.conf.beat_schedule.items()
    if entry["task"].startswith("delivery.") or entry["task"] == "organisation.tasks.seal_trail"
}
spent: Counter[str] = Counter()
lock = threading.Lock()


def note(**more: float) -> None:
    if threading.current_thread().name.startswith("sender"):
        with lock:
            spent.update(more)  # type: ignore[arg-type]  # seconds are fractions


def timed(kind: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*given: Any, **more: Any) -> Any:
        began = time.perf_counter()
        try:
            return work(*given, **more)
        finally:
            note(**{kind: time.perf_counter() - began, f"{kind}_count": 1})

    return wrapper


def counted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        note(sql=time.perf_counter() - began, sql_count=1)


@receiver(connection_created)
def _counts(connection: Any, **_told: Any) -> None:
    if counted not in connection.execute_wrappers:
        connection.execute_wrappers.append(counted)


def tell(*_told: Any) -> None:
    place = Path(os.environ["PARVIS_BENCH_SPENT"]) / str(os.getpid())
    rough = place.with_suffix(".new")
    rough.write_text(json.dumps(dict(spent)))
    rough.rename(place)


signal.signal(signal.SIGUSR2, tell)
DatabaseWrapper._commit = timed("commit", DatabaseWrapper._commit)
# In this process alone, which measures.
MastodonConnector.publish = timed("call", MastodonConnector.publish)  # type: ignore[method-assign]
