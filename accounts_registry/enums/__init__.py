"""Choices of the registry, and the lifecycles of its nouns."""

from accounts_registry.enums.account import ACCOUNT_LIFECYCLE, AccountKind, AccountState, Audience, Maturity, Term
from accounts_registry.enums.condition import CONDITION_LIFECYCLE, ConditionState
from accounts_registry.enums.connection import (
    CONNECTION_PROBLEMS,
    NEED_WORDS,
    AccessPurpose,
    ConnectionState,
    network_sentence,
)
from accounts_registry.enums.dossier import DOSSIER_LIFECYCLE, DossierState, Outcome, VoteChoice
from accounts_registry.enums.file import FileKind
from accounts_registry.enums.questions import Duration, RequestType, ServiceReach
from accounts_registry.enums.session import (
    MINUTES_LIFECYCLE,
    SESSION_LIFECYCLE,
    WRITTEN_LIFECYCLE,
    ItemResult,
    MinutesState,
    Presence,
    SessionState,
    WrittenState,
)
from accounts_registry.enums.sighting import (
    ABUSE_LIFECYCLE,
    SIGHTING_LIFECYCLE,
    STANDING,
    AbuseState,
    Discovery,
    SightingKind,
    SightingState,
)

__all__ = [
    "ABUSE_LIFECYCLE",
    "ACCOUNT_LIFECYCLE",
    "CONDITION_LIFECYCLE",
    "CONNECTION_PROBLEMS",
    "DOSSIER_LIFECYCLE",
    "MINUTES_LIFECYCLE",
    "NEED_WORDS",
    "SESSION_LIFECYCLE",
    "SIGHTING_LIFECYCLE",
    "STANDING",
    "WRITTEN_LIFECYCLE",
    "AbuseState",
    "AccessPurpose",
    "AccountKind",
    "AccountState",
    "Audience",
    "ConditionState",
    "ConnectionState",
    "Discovery",
    "DossierState",
    "Duration",
    "FileKind",
    "ItemResult",
    "Maturity",
    "MinutesState",
    "Outcome",
    "Presence",
    "RequestType",
    "ServiceReach",
    "SessionState",
    "SightingKind",
    "SightingState",
    "Term",
    "VoteChoice",
    "WrittenState",
    "network_sentence",
]
