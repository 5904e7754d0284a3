"""R8 for every network: a sign-in that ends mid-queue holds the messages and alerts; a blip ends no sign-in.

Over sockets against the training network, through the same actions that workers take.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django import Settings

from accounts_registry.models import Account, Credential
from accounts_registry.queries import connector_for
from accounts_registry.queries.waiting import waiting_for
from delivery.actions import Line, send_next
from delivery.enums import DeliveryState
from delivery.models import Delivery
from monitoring.actions import pull_next
from monitoring.models import Stream
from tests.factories.accounts_registry import connected_as, keep_credential
from tests.factories.delivery import FakeOrigin, instead, queued, thaw
from tests.factories.organisation import person_with
from tests.factories.prices import give_budget
from tests.networks.squares import PARAMS, Square, square_of

# Bluesky's own server runs in another suite; what it says of a dead session is tested there.
ON_THE_SQUARE = [param for param in PARAMS if pytest.mark.pds not in param.marks]
BLIPS = [
    ("status", {"status": 503}),
    ("status", {"status": 500}),
    ("status", {"status": 429}),
    ("html", {}),
    ("reset", {}),
]


@pytest.fixture(params=ON_THE_SQUARE)
def square(request: pytest.FixtureRequest, db: None, settings: Settings) -> Iterator[Square]:
    thaw()
    found = square_of(request.param, request)
    assert found.simulator
    settings.EGRESS_ALLOW = frozenset({found.simulator.host})
    settings.MEDIA_ROOT = "/"  # the message's files are wherever the square made them
    settings.DELIVERY_THREADS = 1
    undo = instead(FakeOrigin())
    yield found
    undo()


@pytest.fixture
def account(square: Square) -> Account:
    ref = square.service.account
    made = connected_as(ref)
    if square.can.prices:
        give_budget(made, 100)
    return made


def send(delivery: Delivery) -> str:
    Delivery.objects.update(not_before=None, due_at=timezone.now() - timedelta(seconds=1))
    send_next(Line())
    delivery.refresh_from_db()
    delivery.account.refresh_from_db()
    return str(delivery.state)


def test_a_token_revoked_mid_queue_holds_and_alerts(square: Square, account: Account) -> None:
    assert square.simulator
    delivery = queued(account, square.draft("Pas encore"))
    manager = person_with("account_manager", account.unit)
    ended = square.simulator.person(account.handle)
    square.simulator.revoke(account.handle)

    assert send(delivery) == DeliveryState.DUE
    assert (delivery.account.connection_state, delivery.account.connection_problem) == ("broken", "auth_expired")
    assert square.count("Pas encore") == 0
    assert any(account.label in str(one.title) for one in waiting_for(manager))
    assert not send_next(Line()), "nothing is tried again until somebody connects the account"

    # A new token: what waited goes out, once. (A network that fetches files needs a Parvis that it can reach.)
    Credential.objects.filter(account=account).delete()
    fresh = square.simulator.person(account.handle)
    for name, value in square.service.account.credentials.items():
        keep_credential(account, name, fresh if value == ended else value)
    Account.objects.filter(pk=account.pk).update(
        connection_state="connected", connection_problem="", connected_at=Now()
    )
    if not square.can.media_from_address:
        assert send(delivery) == DeliveryState.PUBLISHED
        assert square.count("Pas encore") == 1


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "more"), BLIPS)
def test_a_blip_is_no_dead_token(square: Square, account: Account, kind: str, more: dict[str, int]) -> None:
    assert square.simulator
    delivery = queued(account, square.draft("Patience"))
    square.simulator.fault(kind, ".", **more)
    send(delivery)
    Stream.objects.create(kind="inbox", account=account)
    assert pull_next()
    account.refresh_from_db()
    assert account.connection_state == "connected"
    assert delivery.state in (DeliveryState.DUE, DeliveryState.UNKNOWN)
    assert Stream.objects.get().failures or Stream.objects.get().problem_code

    square.simulator.heal()
    assert connector_for(account).identify().remote_id == account.remote_id


@pytest.mark.slow
def test_a_token_that_ends_while_reading_is_told(square: Square, account: Account) -> None:
    assert square.simulator
    Stream.objects.create(kind="inbox", account=account)
    square.simulator.revoke(account.handle)
    assert pull_next()
    account.refresh_from_db()
    assert (account.connection_state, account.connection_problem) == ("broken", "auth_expired")
