"""Parvis, registered at the training network as an administration registers it by hand at each real one."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.urls import reverse

from accounts_registry.queries import listening_address
from governance.demonstration import simulator
from networks.catalogue import NETWORKS

App = dict[str, str]


def register() -> dict[str, App]:
    """As whom Parvis is known, by network: where a person agrees on the network's page, and where it calls us.

    Networks of one family know one app.
    """
    families: dict[str, App] = {}
    found = {}
    for key, network in NETWORKS.items():
        if network.consent and not network.registers_itself:
            family = network.consent_family or key
            app = families.get(family) or families.setdefault(family, _app(family))
            found[key] = app | (_listening(key, app) if network.subscriptions else {})
    return found


def _app(family: str) -> App:
    kin = [network for key, network in NETWORKS.items() if family in (key, network.consent_family)]
    scopes = dict.fromkeys(scope.name for network in kin for scope in network.scopes)
    back = reverse("accounts_registry:consent_back")
    return simulator.register(
        "Parvis", [origin + back for origin in settings.CSRF_TRUSTED_ORIGINS], scopes=" ".join(scopes)
    )


def _listening(key: str, app: App) -> App:
    secret = secrets.token_urlsafe(24)
    entered = simulator.set_up(key, app["client_id"], listening_address(key), secret)
    return {"webhook_secret": secret, "token": entered["token"], "number": entered["number"]}
