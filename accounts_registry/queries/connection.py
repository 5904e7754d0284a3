"""What a worker needs to act as an account. Only here are credentials opened."""

from __future__ import annotations

from django.conf import settings

from accounts_registry import vault
from accounts_registry.models import Account
from networks import catalogue
from networks.egress import Egress
from networks.port import Connector
from networks.types import AccountRef


def egress() -> Egress:
    """A fresh client for one task; the settings say what it may reach besides the public internet."""
    return Egress(allow=frozenset(settings.EGRESS_ALLOW))


def account_ref(account: Account) -> AccountRef:
    """The account with its opened credentials: for the worker's path only. `vault.Broken` when a box does not open."""
    opened = {one.name: vault.unseal(one.box, one.row) for one in account.credentials.all()}
    return AccountRef(
        network=account.network,
        base_url=account.base_url,
        remote_id=account.remote_id,
        handle=account.handle,
        credentials=opened,
    )


def connector_for(account: Account) -> Connector:
    """A fresh connector for one task, with the account's credentials."""
    return catalogue.connector(account_ref(account), egress())
