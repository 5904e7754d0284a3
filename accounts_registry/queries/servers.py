"""What servers allow by their own word, as they last said."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.db.models import CharField, Q

from accounts_registry.models import Account, Server
from networks import catalogue
from networks.kinds import Capabilities, ServerFacts
from networks.types import AccountRef
from organisation.prepared import Prepared, Slot


def server_facts(account: Account) -> ServerFacts:
    """For `AccountRef`; nothing where the network sets its limits itself, or the server has not been asked yet."""
    if not _tells(account.network):
        return ServerFacts()
    if hasattr(account, "server_told"):
        told = account.server_told
    else:
        network, base_url = _place(account)
        told = next(iter(_server()(network=network, base_url=base_url)), None)
    if told is None:
        return ServerFacts()
    return ServerFacts({str(name): int(value) for name, value in told.limits.items()}, told.software)


def know_servers(accounts: Iterable[Account]) -> None:
    """Brings the servers of `accounts` to hand, in one query for all of them: for acts that are over at once."""
    asked = list(accounts)
    found = _servers(asked)
    for account in asked:
        account.server_told = found.get(_place(account))


@cache
def _server() -> Prepared[Server, Server]:
    slots = {"network": CharField(), "base_url": CharField()}
    return Prepared(Server.objects.filter(**{name: Slot(name, field) for name, field in slots.items()}))


def _servers(accounts: Iterable[Account]) -> dict[tuple[str, str], Server]:
    which = Q()
    for network, base_url in {_place(account) for account in accounts if _tells(account.network)}:
        which |= Q(network=network, base_url=base_url)
    return {(one.network, one.base_url): one for one in Server.objects.filter(which)} if which else {}


def _place(account: Account) -> tuple[str, str]:
    return account.network, account.base_url


def _tells(key: str) -> bool:
    network = catalogue.NETWORKS.get(key)
    return network is not None and bool(network.facts)


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
