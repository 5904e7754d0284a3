"""Accounts whose networks are asked to call us: entered, connected, and asked."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now

from accounts_registry.actions import subscribe_due
from accounts_registry.models import Account, Subscription
from accounts_registry.queries import listening_address
from monitoring.models import Stream
from networks.catalogue import NETWORKS
from tests.accounts_registry.walking import Walk

SECRET = "what-the-network-signs-with"
TELLING = sorted(key for key, one in NETWORKS.items() if one.webhooks)
# Where each network is asked, and the scope without which it refuses.
ASKED = {
    "facebook": "POST /v26.0/.*/subscribed_apps",
    "instagram": "POST /v26.0/.*/subscribed_apps",
    "linkedin": "PUT /rest/eventSubscriptions/",
    "x": "POST /2/account_activity/",
}
NEEDED = {"facebook": "pages_manage_metadata", "instagram": "pages_manage_metadata", "x": "dm.read"}
ENDED = {"x": "DELETE /2/account_activity/", "linkedin": "DELETE /rest/eventSubscriptions/"}
SAID = "tells Parvis at once when somebody writes"


@pytest.fixture(autouse=True)
def nobody_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring.actions.hearing.current_app.send_task", lambda name, **options: None)
    monkeypatch.setattr("accounts_registry.actions.waking.current_app.send_task", lambda name, **options: None)


def set_up(walk: Walk, key: str, *, url: str = "http://127.0.0.1:9") -> Account:
    """An account that nobody has connected yet, on a network where the administration entered our address at `url`."""
    account = walk.account(key)
    walk.settings.PUBLIC_URL = url
    known = walk.settings.NETWORK_APPS[key]
    made = walk.simulator.endpoint(key, known["client_id"], listening_address(key), SECRET)
    told = {"webhook_secret": SECRET, "token": made["token"], "number": made["number"]}
    walk.settings.NETWORK_APPS = {**walk.settings.NETWORK_APPS, key: {**known, **told}}
    return account


def connected(walk: Walk, key: str, *, url: str = "http://127.0.0.1:9") -> Account:
    account = set_up(walk, key, url=url)
    walk.connect(account)
    return account


def ask() -> int:
    Subscription.objects.update(next_try_at=Now())
    return subscribe_due(seconds=10)


def page_of(walk: Walk, account: Account) -> str:
    return walk.client.get(f"/registry/accounts/{account.pk}/").content.decode()


def calls(walk: Walk) -> list[int]:
    return [call["status"] for call in walk.simulator.told()]


def write_to(walk: Walk, account: Account, text: str) -> None:
    """A citizen answers what the account published."""
    ours = walk.simulator.speak("finances", "Notre message", network=account.network)
    walk.simulator.speak("citizen", text, reply_to=ours["id"])


def due() -> int:
    return Stream.objects.filter(next_pull_at__lte=Now()).count()
