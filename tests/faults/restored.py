"""A process of a system that is put back, copied or cloned: `python -m tests.faults.restored prepare|send`.

Its database and witness are those of the environment; what its network gets is a line in PARVIS_TEST_NETWORK.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from accounts_registry import vault  # noqa: E402 - after the set-up
from accounts_registry.models import Account  # noqa: E402 - after the set-up
from delivery.actions import send_what_is_due  # noqa: E402 - after the set-up
from delivery.models import Delivery, Hold  # noqa: E402 - after the set-up
from networks import catalogue  # noqa: E402 - after the set-up
from networks.types import AttemptKey, Draft, PostRef  # noqa: E402 - after the set-up
from organisation.models import Person  # noqa: E402 - after the set-up
from tests.factories.accounts_registry import ConnectedAccountFactory  # noqa: E402 - after the set-up
from tests.factories.delivery import DeliveryFactory, FakeNetwork, FakeOrigin, instead, thaw  # noqa: E402


class Square(FakeNetwork):
    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        with Path(os.environ["PARVIS_TEST_NETWORK"]).open("a") as got:
            got.write(f"{draft.text}\n")
        return PostRef(id=f"{draft.text} {os.getpid()}", url="https://mastodon.example/@fin/1")


def prepare() -> None:
    thaw()
    account = ConnectedAccountFactory.create()
    for number in range(3):
        DeliveryFactory.create(account=account, text=f"Message {number}", origin_id=number)


def one_more() -> None:
    by = Delivery.objects.values_list("scheduled_by", flat=True)[0]
    DeliveryFactory.create(
        account=Account.objects.get(), text="One more", origin_id=1000, scheduled_by=Person.objects.get(pk=by)
    )


def send() -> None:
    vault.open_in_this_process()
    instead(FakeOrigin())
    catalogue.connector = lambda account, egress: Square().acting_as(account)
    send_what_is_due(seconds=20)
    holds = list(Hold.objects.in_force().values_list("cause", flat=True))
    states = list(Delivery.objects.order_by("pk").values_list("state", flat=True))
    print(json.dumps({"holds": holds, "states": states}))


{"prepare": prepare, "one_more": one_more, "send": send}[sys.argv[1]]()
