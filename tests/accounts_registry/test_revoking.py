"""Disconnecting: ended at the network where it can be, by a worker, and forgotten here only after that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models.functions import Now

from accounts_registry.actions import disconnect_account, revoke_pending
from accounts_registry.actions.revoking import MOST_TRIES
from accounts_registry.models import Access, Account, Credential, PendingRevocation
from accounts_registry.queries import account_ref, connector_for, egress, standing
from networks import catalogue
from networks.errors import AuthExpired, NetworkError
from networks.types import AccountRef
from tests.accounts_registry.walking import Walk, simulator, simulator_server, walk
from tests.factories.closing import closed

__all__ = ["simulator", "simulator_server", "walk"]

pytestmark = pytest.mark.django_db
ENDING = ["linkedin", "x", "youtube"]


def connected(walk: Walk, key: str) -> tuple[Account, AccountRef]:
    account = walk.account(key)
    walk.connect(account)
    return account, account_ref(account)


def works(walk: Walk, ref: AccountRef) -> bool:
    """Whether the network still takes these credentials, by asking it."""
    try:
        catalogue.connector(ref, egress()).identify()
    except AuthExpired:
        return False
    return True


@pytest.mark.longer
@pytest.mark.parametrize("key", ENDING)
def test_it_ends_at_the_network_and_is_then_forgotten(walk: Walk, key: str, events: Callable[[], list[str]]) -> None:
    account, held = connected(walk, key)
    assert works(walk, held)
    disconnect_account(account=account, by=walk.house.manager, reason="Moving on")
    assert not Access.objects.exists()
    assert account_ref(account).credentials == {}
    assert Credential.objects.exists()
    assert "about to end the access" in " ".join(standing(account).sentences)
    assert revoke_pending(seconds=10) == 1
    assert not works(walk, held)
    assert not Credential.objects.exists()
    assert events() == ["account.connected", "account.disconnected", "account.access_ended"]


def test_a_network_that_is_away_is_asked_again(walk: Walk, events: Callable[[], list[str]]) -> None:
    account, held = connected(walk, "x")
    disconnect_account(account=account, by=walk.house.manager, reason="Moving on")
    walk.simulator.fault("status", "POST /2/oauth2/revoke", status=503)
    for _try in range(3):
        PendingRevocation.objects.update(next_try_at=Now())
        assert revoke_pending(seconds=10) == 1
    assert revoke_pending(seconds=10) == 0, "it waits between two tries"
    page = walk.client.get(f"/registry/accounts/{account.pk}/").content.decode()
    assert "not ended yet (tried 3 times)" in page
    walk.simulator.heal()
    PendingRevocation.objects.update(next_try_at=Now())
    revoke_pending(seconds=10)
    assert not works(walk, held)
    assert not Credential.objects.exists()
    assert events()[-1] == "account.access_ended"


@pytest.mark.longer
def test_it_gives_up_in_the_end_and_says_so(walk: Walk, events: Callable[[], list[str]]) -> None:
    account, _held = connected(walk, "x")
    closed(account, walk.house.manager)
    walk.simulator.fault("status", "POST /2/oauth2/revoke", status=503)
    for _try in range(MOST_TRIES):
        PendingRevocation.objects.update(next_try_at=Now())
        revoke_pending(seconds=10)
    assert not Credential.objects.exists()
    assert not PendingRevocation.objects.exists()
    assert events()[-1] == "account.access_left"


@pytest.mark.longer
def test_connecting_again_meanwhile_ends_nothing(walk: Walk) -> None:
    """Some networks end all consents of a person at once: the new one would go too."""
    account, _held = connected(walk, "x")
    disconnect_account(account=account, by=walk.house.manager, reason="By mistake")
    walk.connect(account)
    assert not PendingRevocation.objects.exists()
    assert revoke_pending(seconds=10) == 0
    assert connector_for(account).identify().handle == "finances"


@pytest.mark.longer
def test_a_page_lives_on_when_its_sister_is_disconnected(walk: Walk, events: Callable[[], list[str]]) -> None:
    """One person agreed for both, and the network knows only all or nothing."""
    page, _held = connected(walk, "facebook")
    sister = walk.account("instagram")
    walk.connect(sister)
    disconnect_account(account=page, by=walk.house.manager, reason="Moving on")
    revoke_pending(seconds=10)
    assert events()[-1] == "account.access_left"
    assert connector_for(sister).identify().remote_id == sister.remote_id
    held = account_ref(sister)
    disconnect_account(account=sister, by=walk.house.manager, reason="Moving on")
    revoke_pending(seconds=10)
    assert events()[-1] == "account.access_ended"
    with pytest.raises(NetworkError):
        catalogue.connector(held, egress()).identify()
