"""Where the id of an item means one thing."""

from __future__ import annotations

from accounts_registry.models import Account
from monitoring.models import Source
from networks.catalogue import NETWORKS


def place_of(account: Account) -> dict[str, str]:
    """Of what `account` hears: its network, and its server where ids mean something else elsewhere."""
    known = NETWORKS.get(account.network)
    is_global = known is not None and known.ids_are_global
    return {"network": account.network, "server": "" if is_global else account.base_url}


def place_of_source(source: Source) -> dict[str, str]:
    return {"network": source.network, "server": source.url}


def heard_at(account: Account) -> dict[str, str]:
    """The same as conditions on mentions."""
    return {f"item__{name}": value for name, value in place_of(account).items()}


def erasure_place(account: Account) -> str:
    """Where the ids of its messages are one of a kind, as `Erasure` has always told it."""
    return f"{account.network} {account.base_url}"


def erasure_place_of_source(source_id: int) -> str:
    return f"source {source_id}"
