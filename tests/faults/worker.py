"""A Celery worker as in production, but for one thing: told so, it kills itself in the middle of a send.

The test lays an order (a file named after one of POINTS) into PARVIS_FAULT_ORDERS. Whichever sending thread takes it
first goes on to that very point, leaves a mark, and ends its whole process with SIGKILL, neighbours and all.
"""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django

from governance.celery import app

django.setup()

from networks.egress.exchange import DeadlineStream  # noqa: E402 - after the set-up
from networks.mastodon.connector import MastodonConnector  # noqa: E402 - after the set-up
from networks.types import AttemptKey, Draft, PostRef  # noqa: E402 - after the set-up
from tests.factories.delivery import FakeOrigin, instead  # noqa: E402 - after the set-up
from tests.simulator.fixture import KEY  # noqa: E402 - after the set-up

AFTER_INTENT, MID_CALL, AFTER_COMMIT, BEFORE_WRITE = POINTS = (
    "after_intent",
    "mid_call",
    "after_commit",
    "before_write",
)

orders = Path(os.environ["PARVIS_FAULT_ORDERS"])
square = os.environ["PARVIS_FAULT_SQUARE"]
mine = threading.local()

instead(FakeOrigin())
pace = float(os.environ.get("PARVIS_FAULT_PACE", "1"))
app.conf.beat_schedule = {
    name: {**entry, "schedule": entry["schedule"] * pace}
    for name, entry in app.conf.beat_schedule.items()
    if entry["task"].startswith("delivery.")
}
if settle := os.environ.get("PARVIS_FAULT_SETTLE"):
    # The training network shows a message at once; the real patience is for networks that do not.
    MastodonConnector.__init__.__kwdefaults__["settle"] = timedelta(seconds=float(settle))


def take_order() -> str:
    """The point at which this thread has to die; empty when there is no order, or another thread was faster."""
    for point in POINTS:
        try:
            (orders / point).rename(orders / f"{point}.taken.{os.getpid()}")
        except FileNotFoundError:
            continue
        return point
    return ""


def die(point: str) -> None:
    (orders / f"{point}.taken.{os.getpid()}").rename(orders / f"{point}.done.{os.getpid()}")
    os.kill(os.getpid(), signal.SIGKILL)


def wait_for_commit(text: str) -> None:
    """Until the network has the message; its answer is on the way, and nobody will read it."""
    while True:
        connection = HTTPConnection(square, timeout=10)
        connection.request("GET", f"/_simulator/posts?text={quote(text)}", headers={"X-Simulator-Key": KEY})
        if b'"count":0' not in connection.getresponse().read():
            return
        connection.close()


publish = MastodonConnector.publish
read = DeadlineStream.read


def publish_or_die(self: MastodonConnector, draft: Draft, attempt: AttemptKey) -> PostRef:
    point = take_order()
    if point == AFTER_INTENT:
        die(point)
    mine.point, mine.text = point, draft.text
    ref = publish(self, draft, attempt)
    if point:
        die(point)
    return ref


def read_or_die(self: DeadlineStream, max_bytes: int, timeout: float | None = None) -> Any:
    """The first read of an answer: the request has left, the network is at it."""
    point = getattr(mine, "point", "")
    if point == MID_CALL:
        die(point)
    if point == AFTER_COMMIT:
        wait_for_commit(mine.text)
        die(point)
    return read(self, max_bytes, timeout)


MastodonConnector.publish = publish_or_die
DeadlineStream.read = read_or_die
