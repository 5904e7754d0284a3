"""Where each network lives, and as whom Parvis is known there: the settings' word, else the catalogue's."""

from __future__ import annotations

from django.conf import settings

from networks.catalogue import NETWORKS
from networks.consent import App
from networks.kinds import Purpose


def network_app(key: str) -> App:
    """What the administration registered at the network `key`; an empty App where it registered nothing."""
    return App(**settings.NETWORK_APPS.get(key, {}))


def home_of(key: str) -> str:
    """The server on which accounts of the network `key` live unless their dossier says otherwise, without a slash."""
    return str(settings.NETWORK_SERVERS.get(key) or NETWORKS[key].default_base_url).rstrip("/")


def consent_offered(key: str) -> bool:
    """True where a person can agree on the network's own page: it has one, and Parvis is known there or becomes so."""
    network = NETWORKS[key]
    return bool(network.consent) and (network.registers_itself or bool(network_app(key).client_id))


def grants_apart(key: str) -> bool:
    """True where the network gives tokens that may only read, and others that may only write."""
    asked = {purpose: {scope.name for scope in NETWORKS[key].asked(purpose, network_app(key))} for purpose in Purpose}
    return bool(asked[Purpose.READ]) and len({frozenset(names) for names in asked.values()}) == len(Purpose)
