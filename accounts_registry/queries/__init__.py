"""Reads of the registry."""

from accounts_registry.enums import network_sentence
from accounts_registry.queries.accounts import publishable_accounts, registry, visible_accounts
from accounts_registry.queries.committee import Tally, tally
from accounts_registry.queries.connection import able, account_ref, connector_for, egress
from accounts_registry.queries.dossiers import possible_holders, possible_pairs, visible_dossiers
from accounts_registry.queries.homes import consent_offered, home_of, network_app
from accounts_registry.queries.waiting import waiting_for

__all__ = [
    "Tally",
    "able",
    "account_ref",
    "connector_for",
    "consent_offered",
    "egress",
    "home_of",
    "network_app",
    "network_sentence",
    "possible_holders",
    "possible_pairs",
    "publishable_accounts",
    "registry",
    "tally",
    "visible_accounts",
    "visible_dossiers",
    "waiting_for",
]
