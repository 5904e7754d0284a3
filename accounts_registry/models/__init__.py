"""Nouns of the registry."""

from accounts_registry.models.access import Access, PendingConsent
from accounts_registry.models.account import Account
from accounts_registry.models.advice import Advice
from accounts_registry.models.audit import AccountAudit, ListedAccount
from accounts_registry.models.budget import Budget, Spending
from accounts_registry.models.comment import DossierComment
from accounts_registry.models.condition import Condition
from accounts_registry.models.consultation import Consultation
from accounts_registry.models.credential import Credential, PendingRevocation
from accounts_registry.models.dossier import JustificationDossier
from accounts_registry.models.figure import AccountFigure
from accounts_registry.models.finding import Finding
from accounts_registry.models.imitation_search import ImitationSearch
from accounts_registry.models.list_import import ListImport, ListLine, ListRow
from accounts_registry.models.lookup import Lookup
from accounts_registry.models.minutes import Minutes
from accounts_registry.models.review import AccountReview, ExitPlan, ExitStepDone, Handover
from accounts_registry.models.seat import CommitteeSeat
from accounts_registry.models.security import (
    SecurityAttestation,
    SecurityCheck,
    SecurityException,
    SecurityRecord,
)
from accounts_registry.models.server import Server
from accounts_registry.models.session import AgendaItem, Attendance, CommitteeSession, WrittenProcedure
from accounts_registry.models.sighting import AbuseCase, NilReturn, Sighting
from accounts_registry.models.subscription import Subscription
from accounts_registry.models.third_party import ThirdPartyApp
from accounts_registry.models.version import DossierVersion
from accounts_registry.models.vote import Decision, Vote

__all__ = [
    "AbuseCase",
    "Access",
    "Account",
    "AccountAudit",
    "AccountFigure",
    "AccountReview",
    "Advice",
    "AgendaItem",
    "Attendance",
    "Budget",
    "CommitteeSeat",
    "CommitteeSession",
    "Condition",
    "Consultation",
    "Credential",
    "Decision",
    "DossierComment",
    "DossierVersion",
    "ExitPlan",
    "ExitStepDone",
    "Finding",
    "Handover",
    "ImitationSearch",
    "JustificationDossier",
    "ListImport",
    "ListLine",
    "ListRow",
    "ListedAccount",
    "Lookup",
    "Minutes",
    "NilReturn",
    "PendingConsent",
    "PendingRevocation",
    "SecurityAttestation",
    "SecurityCheck",
    "SecurityException",
    "SecurityRecord",
    "Server",
    "Sighting",
    "Spending",
    "Subscription",
    "ThirdPartyApp",
    "Vote",
    "WrittenProcedure",
]
