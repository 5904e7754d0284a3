"""When an account is disconnected, its network calls us no more."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now

from accounts_registry.actions import disconnect_account, revoke_pending
from accounts_registry.actions.listening import PATIENCE
from accounts_registry.models import Credential, PendingRevocation, Subscription
from accounts_registry.queries import listening_address
from networks.catalogue import NETWORKS
from networks.x.subscriptions import XSubscriptions
from organisation.models import AuditEvent
from tests.accounts_registry.listening import (
    ENDED,
    SECRET,
    ask,
    calls,
    connected,
    nobody_is_woken,
    write_to,
)
from tests.accounts_registry.walking import Walk, simulator, simulator_server, walk

__all__ = ["nobody_is_woken", "simulator", "simulator_server", "walk"]


@pytest.mark.longer
@pytest.mark.django_db
def test_a_page_is_told_of_as_long_as_its_sister_is_connected(walk: Walk) -> None:
    """A Facebook page and its Instagram account hang at one subscription."""
    both = ("facebook", "instagram")
    page, sister = (walk.account(key) for key in both)
    scopes = " ".join(sorted({scope.name for key in both for scope in NETWORKS[key].scopes}))
    made = walk.simulator.app("http://testserver/registry/connect/back/", scopes)
    walk.settings.NETWORK_APPS = {
        key: {"client_id": made["client_id"], "client_secret": made["client_secret"], "webhook_secret": SECRET}
        for key in both
    }
    for key in both:
        walk.simulator.endpoint(key, made["client_id"], listening_address(key), SECRET)
    walk.connect(page)
    walk.connect(sister)
    assert sister.connection_state == "connected"
    assert ask() == 2
    assert len(set(Subscription.objects.values_list("name", flat=True))) == 1
    disconnect_account(account=page, by=walk.house.manager, reason="Moving on")
    revoke_pending(seconds=10)
    write_to(walk, sister, "Still there?")
    told = [call["network"] for call in walk.simulator.told()]
    assert told == ["instagram"]
    disconnect_account(account=sister, by=walk.house.manager, reason="Moving on")
    revoke_pending(seconds=10)
    write_to(walk, sister, "And now?")
    assert len(calls(walk)) == 1


@pytest.mark.longer
@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(ENDED))
def test_a_subscription_that_does_not_end_holds_no_credentials_back(walk: Walk, key: str) -> None:
    account = connected(walk, key)
    ask()
    walk.simulator.fault("status", ENDED[key], status=503)
    disconnect_account(account=account, by=walk.house.manager, reason="Moving on")
    for _try in range(PATIENCE):
        assert Credential.objects.exists()
        PendingRevocation.objects.update(next_try_at=Now())
        assert revoke_pending(seconds=10) == 1
    assert not Credential.objects.exists()
    assert AuditEvent.objects.order_by("pk").last().verb == "account.access_ended"


@pytest.mark.django_db
def test_who_disconnects_while_the_network_agrees_is_not_told_of(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    account = connected(walk, "x")
    agree = XSubscriptions.subscribe

    def slowly(self: XSubscriptions, *given: object) -> str:
        name = agree(self, *given)
        disconnect_account(account=account, by=walk.house.manager, reason="Just now")
        return name

    monkeypatch.setattr(XSubscriptions, "subscribe", slowly)
    assert ask() == 1
    assert not Subscription.objects.exists()
    write_to(walk, account, "Is anybody there?")
    assert calls(walk) == []
