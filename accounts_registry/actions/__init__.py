"""Verbs of the registry."""

from accounts_registry.actions.accounts import (
    close_account,
    open_account,
    reactivate_account,
    suspend_account,
)
from accounts_registry.actions.connection import connect_account, disconnect_account, mark_connection_broken

__all__ = [
    "close_account",
    "connect_account",
    "disconnect_account",
    "mark_connection_broken",
    "open_account",
    "reactivate_account",
    "suspend_account",
]
