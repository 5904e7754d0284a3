"""Conditions that the registry adds to permissions, and the guards of its lifecycles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import ACCOUNT_LIFECYCLE, DossierState
from accounts_registry.models import Account
from networks.types import Identity


@ACCOUNT_LIFECYCLE.guard("dossier_approved")
def dossier_approved(account: Account, by: Any) -> Iterator[Any]:
    if account.dossier.state != DossierState.APPROVED:
        yield _("No approved dossier stands behind this account.")


def is_the_account(account: Account, server: str, identity: Identity) -> bool:
    """True when the network's `identity` is the account that was approved: by its id once known, else by its name."""
    if account.remote_id:
        return account.remote_id == identity.remote_id
    return _full(account.handle, server) == _full(identity.handle, server)


def _full(handle: str, server: str) -> str:
    """A name with its server where networks write "user@server"; a name without one is on this server."""
    name, _at, host = handle.strip().lstrip("@").casefold().partition("@")
    return f"{name}@{host or urlsplit(server).hostname or ''}"
