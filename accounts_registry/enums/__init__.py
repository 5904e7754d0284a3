"""Choices of the registry, and the lifecycles of its nouns."""

from accounts_registry.enums.account import ACCOUNT_LIFECYCLE, AccountKind, AccountState, Audience
from accounts_registry.enums.connection import (
    CONNECTION_PROBLEMS,
    NEED_WORDS,
    AccessPurpose,
    ConnectionState,
    network_sentence,
)
from accounts_registry.enums.dossier import DOSSIER_LIFECYCLE, DossierState, Outcome, VoteChoice

__all__ = [
    "ACCOUNT_LIFECYCLE",
    "CONNECTION_PROBLEMS",
    "DOSSIER_LIFECYCLE",
    "NEED_WORDS",
    "AccessPurpose",
    "AccountKind",
    "AccountState",
    "Audience",
    "ConnectionState",
    "DossierState",
    "Outcome",
    "VoteChoice",
    "network_sentence",
]
