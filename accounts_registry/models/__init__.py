"""Nouns of the registry."""

from accounts_registry.models.account import Account
from accounts_registry.models.credential import Credential
from accounts_registry.models.dossier import JustificationDossier
from accounts_registry.models.vote import Decision, Vote

__all__ = ["Account", "Credential", "Decision", "JustificationDossier", "Vote"]
