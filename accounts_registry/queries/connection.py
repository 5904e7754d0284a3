"""What a worker needs to act as an account. Only here are credentials opened."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.db.models import BigIntegerField, Q

from accounts_registry import vault
from accounts_registry.enums import AccountState, ConnectionState
from accounts_registry.models import Account, Credential
from accounts_registry.queries.servers import server_facts
from networks import catalogue
from networks.egress import Egress
from networks.kinds import Purpose
from networks.port import Connector
from networks.types import AccountRef
from organisation.prepared import Prepared, Slot


def egress() -> Egress:
    """A fresh client for one task; the settings say what it may reach besides the public internet."""
    return Egress(allow=frozenset(settings.EGRESS_ALLOW))


def able(purpose: Purpose, *, to: str = "", with_last_words: bool = False) -> Q:
    """Accounts that may act and that may read, or write. `to` is the way to the account from what is asked for, with
    its underscores: "account__".

    One that closes is read until it is closed, for people still write there. `with_last_words`: and one that closes
    writes what was scheduled before, if that was chosen.
    """
    half = Q(**{f"{to}connection_state": ConnectionState.HALF_CONNECTED})
    half &= Q(**{f"{to}may_read" if purpose == Purpose.READ else f"{to}may_write": True})
    connected = Q(**{f"{to}connection_state": ConnectionState.CONNECTED})
    acting = Q(**{f"{to}state": AccountState.ACTIVE})
    if purpose == Purpose.READ:
        acting |= Q(**{f"{to}state": AccountState.CLOSING})
    elif with_last_words:
        acting |= Q(**{f"{to}state": AccountState.CLOSING, f"{to}lets_out": True})
    return acting & (connected | half)


def opened(account: Account, purpose: Purpose) -> dict[str, str]:
    """The set of secrets for `purpose` alone, by name, else the set for everything. For a worker: `vault.Shut`
    anywhere else, `vault.Broken` when a box does not open."""
    held = _held()(account=account.pk)
    chosen = [one for one in held if one.purpose == purpose] or [one for one in held if one.purpose == Purpose.ALL]
    return {one.name: vault.unseal(one.box, one.row) for one in chosen}


@cache
def _held() -> Prepared[Credential, Credential]:
    return Prepared(Credential.objects.filter(account=Slot("account", BigIntegerField()), revocation__isnull=True))


def account_ref(account: Account, purpose: Purpose = Purpose.WRITE) -> AccountRef:
    """The account with its opened credentials: for the worker's path only."""
    told = server_facts(account)
    return AccountRef(
        network=account.network,
        base_url=account.base_url,
        remote_id=account.remote_id,
        handle=account.handle,
        credentials=opened(account, purpose),
        limits=told.limits,
        software=told.software,
    )


def connector_for(account: Account, purpose: Purpose = Purpose.WRITE) -> Connector:
    """A fresh connector for one task, with the account's credentials for `purpose`."""
    return catalogue.connector(account_ref(account, purpose), egress())
