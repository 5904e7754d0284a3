"""What servers allow by their own word, as they last said."""

from __future__ import annotations

from accounts_registry.models import Account, Server
from networks import catalogue
from networks.kinds import Capabilities
from networks.types import AccountRef


def server_limits(account: Account) -> dict[str, int]:
    """For `AccountRef.limits`; empty where the network sets its limits itself, or the server has not been asked yet."""
    network = catalogue.NETWORKS.get(account.network)
    if network is None or not network.limits:
        return {}
    told = Server.objects.filter(network=account.network, base_url=account.base_url).values_list("limits", flat=True)
    return {str(name): int(value) for name, value in (told.first() or {}).items()}


def bare_ref(account: Account) -> AccountRef:
    """The account without any credential, for whatever makes no call: checks before sending."""
    return AccountRef(
        account.network, account.base_url, account.remote_id, account.handle, limits=server_limits(account)
    )


def capabilities_of(account: Account) -> Capabilities:
    """What the account's network can do, as its server has it. KeyError where the catalogue has lost the network."""
    return catalogue.network(account.network).capabilities.at(server_limits(account))
