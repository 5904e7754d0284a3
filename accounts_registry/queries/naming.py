"""By which name the network calls an account, and whether that is the account that was approved."""

from __future__ import annotations

from urllib.parse import urlsplit

from accounts_registry.models import Account
from networks.catalogue import NETWORKS
from networks.types import Identity


def is_the_account(account: Account, server: str, identity: Identity) -> bool:
    """True when the network's `identity` is the account that was approved: by its id once known, else by its name.

    Where ids count on one server only, another server with the same id is somebody else.
    """
    if account.remote_id:
        moved = urlsplit(server).netloc.casefold() != urlsplit(account.base_url).netloc.casefold()
        stays_itself = not moved or NETWORKS[account.network].ids_are_global
        return stays_itself and account.remote_id == identity.remote_id
    return _full(identity.handle, server) in {_full(one, server) for one in names_of(account)}


def names_of(account: Account) -> list[str]:
    """The name that was approved, and the one that was approved since, if one was."""
    return [one for one in (account.handle, account.expected_handle) if one]


def renamed_to(account: Account, server: str, identity: Identity) -> str:
    """The name by which the network calls the account, where it is another one than was approved; else empty."""
    told = identity.handle.strip().lstrip("@")
    # Where there is no name, a network may tell the id in its place.
    nameless = not told or told == identity.remote_id
    return "" if nameless or _full(account.handle, server) == _full(told, server) else told


def renamed_by(account: Account, told: str) -> list[str]:
    """Where `told` is the name that is expected, the account bears it from here on: the fields that change. It is not
    saved here."""
    server = account.base_url
    if not told or not account.expected_handle or _full(told, server) != _full(account.expected_handle, server):
        return []
    account.former_handles = [*account.former_handles, account.handle]
    account.handle, account.expected_handle, account.told_handle = account.expected_handle, "", ""
    return ["former_handles", "handle", "expected_handle", "told_handle"]


def _full(handle: str, server: str) -> str:
    """A name with its server where networks write "user@server"; a name without one is on this server."""
    name, _at, host = handle.strip().lstrip("@").casefold().partition("@")
    return f"{name}@{host or urlsplit(server).hostname or ''}"
