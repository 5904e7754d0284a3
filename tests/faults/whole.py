"""A Celery worker as shipped, serving all its queues, but for one thing: who finds an order of the test waits.

The test lays an order (a file named after one of POINTS) into PARVIS_FAULT_ORDERS. Whichever thread takes it first
waits at that point until the test lays "go_on" beside it. The clockwork wakes for sending and reading five times as
often as in production, and for sealing as often.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import django

from governance.celery import app

django.setup()

from accounts_registry.models import Account  # noqa: E402 - after the set-up
from delivery.actions import sending  # noqa: E402 - after the set-up
from publishing.content import apart  # noqa: E402 - after the set-up
from tests.factories.delivery import FakeOrigin, instead  # noqa: E402 - after the set-up

BEFORE_WRITE, READING = POINTS = ("before_write", "reading")
orders = Path(os.environ["PARVIS_FAULT_ORDERS"])

instead(FakeOrigin())
QUICK = {"delivery.tasks.send_due", "delivery.tasks.send_films", "monitoring.tasks.pull_streams"}
QUICK |= {"publishing.tasks.read_uploads"}
app.conf.beat_schedule = {
    name: {**entry, "schedule": entry["schedule"] * (0.2 if entry["task"] in QUICK else 1)}
    for name, entry in app.conf.beat_schedule.items()
    if entry["task"] in QUICK | {"organisation.tasks.seal_trail"}
}


def wait_if_ordered(point: str) -> None:
    try:
        (orders / point).rename(orders / f"{point}.taken")
    except FileNotFoundError:
        return
    while not (orders / "go_on").exists():
        time.sleep(0.05)


keep_fresh, reencode = sending.keep_fresh, apart.reencode


def keep_fresh_later(*, account: Account, purpose: Any) -> None:
    if account.handle == "held":
        wait_if_ordered(BEFORE_WRITE)
    keep_fresh(account=account, purpose=purpose)


def reencode_later(*given: Any, **more: Any) -> Any:
    wait_if_ordered(READING)
    return reencode(*given, **more)


sending.keep_fresh = keep_fresh_later  # type: ignore[attr-defined]
apart.reencode = reencode_later
