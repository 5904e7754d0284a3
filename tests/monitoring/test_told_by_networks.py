"""S6: what each network's own webhooks say is believed once, while it is fresh; forged, stale, replayed: 0 accepted.

The calls are the square's, made and signed by each network's dialect and sent over a socket.
"""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from pytest_django import Settings

from monitoring.actions import hearing
from monitoring.models import Mention, Stream, WebhookCall
from networks.catalogue import NETWORKS
from organisation.clock import database_now
from simulator.dialects import by_network
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.monitoring import StreamFactory
from tests.networks.squares.square import attempt
from tests.simulator.fixture import Control, simulator, simulator_server
from tests.simulator.listening import Heard, listening

__all__ = ["simulator", "simulator_server"]

SECRET = "what-the-network-signs-with"
TELLING = sorted(key for key, one in NETWORKS.items() if one.webhooks)


@pytest.fixture(params=TELLING)
def heard(
    request: pytest.FixtureRequest,
    db: None,
    simulator: Control,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Heard:
    """A genuine call about an account of ours, which nobody has passed on yet."""
    key = request.param
    monkeypatch.setattr("monitoring.actions.hearing.current_app.send_task", lambda name, **options: None)
    app = {"client_id": "parvis", "client_secret": SECRET, "webhook_secret": SECRET}
    settings.NETWORK_APPS = {key: app}
    square: Any = importlib.import_module(f"tests.networks.squares.{key}").square(simulator)
    ref = square.service.account
    made = ConnectedAccountFactory.create(network=key, base_url=ref.base_url, remote_id=ref.remote_id)
    StreamFactory.create(account=made)
    square.service.publish(square.draft("Notre message"), attempt())
    [ours] = simulator.posts(network=key)
    with listening() as listener:
        simulator.hook(key, ours["by"], listener.url.replace("/x/", f"/{key}/"), SECRET)
        simulator.speak("citizen", "Une question ?", reply_to=ours["id"])
        simulator.told()
        [call] = listener.heard
    not_due()
    return call


def not_due() -> None:
    Stream.objects.update(next_pull_at=Now() + timedelta(hours=1), last_pulled_at=Now() - timedelta(hours=1))


def pass_on(heard: Heard, body: bytes | None = None, **headers: str) -> int:
    path = heard.path.partition("?")[0]
    told = {name: value for name, value in heard.headers.items() if name not in {"host", "content-length"}} | headers
    content = heard.body if body is None else body
    return Client(enforce_csrf_checks=True).post(
        path, content, content_type="application/json", headers=told
    ).status_code  # fmt: skip


def is_due() -> bool:
    return Stream.objects.filter(next_pull_at__lte=Now()).exists()


def test_every_network_with_webhooks_is_heard() -> None:
    assert TELLING
    assert all((dialect := by_network(key)) and dialect.tell and dialect.sign for key in TELLING)


def test_a_genuine_call_is_believed_once(heard: Heard) -> None:
    assert pass_on(heard) == 204
    assert is_due()
    assert Mention.objects.count() == 0
    not_due()
    assert pass_on(heard) == 400
    assert not is_due()


def test_a_forged_call_is_not(heard: Heard, settings: Settings) -> None:
    tampered = heard.body.replace(b"{", b"{ ", 1)
    assert pass_on(heard, tampered) == 400
    unsigned = Heard(heard.path, {"content-type": "application/json"}, heard.body)
    assert pass_on(unsigned) == 400
    key = heard.path.split("/")[2]
    for secret in ("another", ""):
        settings.NETWORK_APPS = {key: {"client_id": "parvis", "client_secret": secret, "webhook_secret": secret}}
        assert pass_on(heard) == 400
    assert not is_due()
    assert WebhookCall.objects.count() == 0


@pytest.mark.parametrize("minutes", [6, -6])
def test_a_stale_call_is_not(heard: Heard, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    now = database_now() + timedelta(minutes=minutes)
    monkeypatch.setattr(hearing, "database_now", lambda: now)
    assert pass_on(heard) == 400
    assert not is_due()
    assert WebhookCall.objects.count() == 0
