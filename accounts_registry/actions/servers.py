"""Asking servers what they allow: a public reading, now and then, for those on which accounts of ours live."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from accounts_registry.enums import AccountState
from accounts_registry.models import Account, Server
from accounts_registry.queries.connection import egress
from networks import catalogue
from networks.errors import NetworkError

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=6)


def ask_servers() -> None:
    """Asks each server that was not asked lately. One that does not answer keeps what it said before."""
    for network, base_url in _homes():
        server, _made = Server.objects.get_or_create(network=network, base_url=base_url)
        due = Server.objects.filter(Q(asked_at=None) | Q(asked_at__lt=Now() - AGAIN), pk=server.pk)
        if not due.update(asked_at=Now()):
            continue
        try:
            told = catalogue.server_facts(network, base_url, egress())
        except NetworkError as error:
            log.warning("%s did not say what it allows: %s", base_url, error.code)
        else:
            Server.objects.filter(pk=server.pk).update(limits=dict(told.limits), software=told.software)


def _homes() -> Iterator[tuple[str, str]]:
    """The servers of active accounts, on networks whose servers set limits of their own."""
    asking = [key for key, network in catalogue.NETWORKS.items() if network.facts]
    active = Account.objects.filter(state=AccountState.ACTIVE, network__in=asking)
    yield from active.order_by("network", "base_url").values_list("network", "base_url").distinct()
