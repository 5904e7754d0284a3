"""What servers allow by their own word, as they last said."""

from __future__ import annotations

from accounts_registry.models import Account, Server
from networks import catalogue
from networks.kinds import Capabilities, ServerFacts
from networks.types import AccountRef


def server_facts(account: Account) -> ServerFacts:
    """For `AccountRef`; nothing where the network sets its limits itself, or the server has not been asked yet."""
    network = catalogue.NETWORKS.get(account.network)
    if network is None or not network.facts:
        return ServerFacts()
    told = Server.objects.filter(network=account.network, base_url=account.base_url).first()
    if told is None:
        return ServerFacts()
    return ServerFacts({str(name): int(value) for name, value in told.limits.items()}, told.software)


def bare_ref(account: Account) -> AccountRef:
    """The account without any credential, for whatever makes no call: checks before sending."""
    told = server_facts(account)
    return AccountRef(
        account.network,
        account.base_url,
        account.remote_id,
        account.handle,
        limits=told.limits,
        software=told.software,
    )


def capabilities_of(account: Account) -> Capabilities:
    """What the account's network can do, as its server has it. KeyError where the catalogue has lost the network."""
    return catalogue.network(account.network).capabilities.at(server_facts(account).limits)
