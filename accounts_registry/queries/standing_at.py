"""Where an account may stand on the web: what the public register tells is nobody else's address."""

from __future__ import annotations

from accounts_registry.models import Account
from networks import profiles
from networks.addresses import host_of


def stands_at(account: Account, url: str) -> bool:
    """False for an address that names somebody else, or lies elsewhere than on the account's network."""
    server = host_of(account.base_url)
    own = [
        key
        for handle in (account.handle, account.told_handle)
        for key in profiles.keys(account.network, server, handle, account.remote_id)
    ]
    return profiles.may_stand_at(url, account.network, server, own)
