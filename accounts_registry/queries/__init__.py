"""Reads of the registry."""

from accounts_registry.enums import network_sentence
from accounts_registry.queries.accounts import publishable_accounts, registry, visible_accounts
from accounts_registry.queries.committee import Tally, tally
from accounts_registry.queries.connection import able, account_ref, connector_for, egress
from accounts_registry.queries.dossiers import possible_holders, possible_pairs, visible_dossiers
from accounts_registry.queries.duplicates import functional_duplicates
from accounts_registry.queries.homes import consent_offered, grants_apart, home_of, network_app
from accounts_registry.queries.listening import listening_address, listening_networks, listening_sentences
from accounts_registry.queries.searching import found_for
from accounts_registry.queries.servers import bare_ref, capabilities_of, know_servers, server_facts
from accounts_registry.queries.spending import MonthSoFar, costs, month_so_far, months_so_far
from accounts_registry.queries.standing import Standing, standing
from accounts_registry.queries.waiting import stopped_accounts, stopped_sentence, waiting_for

__all__ = [
    "MonthSoFar",
    "Standing",
    "Tally",
    "able",
    "account_ref",
    "bare_ref",
    "capabilities_of",
    "connector_for",
    "consent_offered",
    "costs",
    "egress",
    "found_for",
    "functional_duplicates",
    "grants_apart",
    "home_of",
    "know_servers",
    "listening_address",
    "listening_networks",
    "listening_sentences",
    "month_so_far",
    "months_so_far",
    "network_app",
    "network_sentence",
    "possible_holders",
    "possible_pairs",
    "publishable_accounts",
    "registry",
    "server_facts",
    "standing",
    "stopped_accounts",
    "stopped_sentence",
    "tally",
    "visible_accounts",
    "visible_dossiers",
    "waiting_for",
]
