"""Parvis as in production, pages and workers, but for this: everybody says all that they can, and nobody waits long.

Every logger is at DEBUG, those too that the settings keep quiet. The clockwork turns once a second. A call to the host
PARVIS_TALKATIVE_BREAKS breaks inside the client library, with all that it carries in its words.
"""

from __future__ import annotations

import http.client
import logging
import os
from typing import Any

import django
from django.conf import settings

from governance.celery import app

settings.LOGGING["loggers"].clear()  # before any set-up: there is more than one
django.setup()

from networks.egress import client as egress_client  # noqa: E402 - after the set-up
from networks.egress.client import Egress  # noqa: E402 - after the set-up
from networks.egress.exchange import Answer, Call, Limits  # noqa: E402 - after the set-up
from networks.egress.guard import Target  # noqa: E402 - after the set-up
from tests.factories.delivery import FakeOrigin, instead  # noqa: E402 - after the set-up

__all__ = ["app", "application"]

TIMEOUT = 0.7  # seconds that a network may take
breaks = os.environ["PARVIS_TALKATIVE_BREAKS"]

logging.root.setLevel(logging.DEBUG)
logging.getLogger("factory").setLevel(logging.WARNING)  # the tests' own, which says what it makes
http.client.HTTPConnection.debuglevel = 1  # prints what any library sends that goes around egress

instead(FakeOrigin())
if os.environ["PARVIS_BROKER_URL"].startswith("filesystem://"):  # what a worker took is kept to be read
    kept = f"{settings.CELERY_BROKER_FOLDER}/processed"
    os.makedirs(kept, exist_ok=True)
    app.conf.broker_transport_options |= {"store_processed": True, "processed_folder": kept}
app.conf.beat_schedule = {name: {**entry, "schedule": 1.0} for name, entry in app.conf.beat_schedule.items()}

exchange, begin = egress_client.exchange, Egress.__init__


def exchange_or_break(target: Target, call: Call, limits: Limits) -> Answer:
    if f"{target.host}:{target.port}" == breaks:
        raise RuntimeError(f"cannot send {call.method} {call.url} {call.headers} {call.content!r}")
    return exchange(target, call, limits)


def begin_impatiently(self: Egress, *given: Any, **named: Any) -> None:
    begin(self, *given, **{**named, "timeout": TIMEOUT})


egress_client.exchange = exchange_or_break
Egress.__init__ = begin_impatiently

from governance.wsgi import application  # noqa: E402 - after the set-up
