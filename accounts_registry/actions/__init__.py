"""Verbs of the registry."""

from accounts_registry.actions.accounts import close_account, open_account, reactivate_account, suspend_account
from accounts_registry.actions.connection import connect_account, disconnect_account, mark_connection_broken
from accounts_registry.actions.dossiers import (
    accept_dossier,
    create_dossier,
    defer_dossier,
    resume_dossier,
    return_dossier,
    submit_dossier,
    update_dossier,
    withdraw_dossier,
)
from accounts_registry.actions.resealing import reseal
from accounts_registry.actions.votes import cast_vote, decide

__all__ = [
    "accept_dossier",
    "cast_vote",
    "close_account",
    "connect_account",
    "create_dossier",
    "decide",
    "defer_dossier",
    "disconnect_account",
    "mark_connection_broken",
    "open_account",
    "reactivate_account",
    "reseal",
    "resume_dossier",
    "return_dossier",
    "submit_dossier",
    "suspend_account",
    "update_dossier",
    "withdraw_dossier",
]
