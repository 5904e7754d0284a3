"""A network that charges, whichever the catalogue holds: the prices are made up, the rules are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accounts_registry.models import Account, Budget
from accounts_registry.money import MICRO
from networks.catalogue import NETWORKS
from networks.kinds import Prices

CHARGING = "mastodon"
PRICES = Prices(post=Decimal("0.015"), post_with_link=Decimal("0.20"), mention=Decimal("0.001"), read=Decimal("0.005"))


FINE_PRICES = replace(
    PRICES,
    mention=Decimal("0.005"),
    user=Decimal("0.010"),
    summoned_reply=Decimal("0.010"),
    own_mention=Decimal("0.001"),
    at=date(2026, 8, 1),
    source="https://prices.example/api",
)


def charge(monkeypatch: pytest.MonkeyPatch, prices: Prices = PRICES) -> None:
    """From now on the network CHARGING takes `prices`."""
    network = NETWORKS[CHARGING]
    monkeypatch.setitem(NETWORKS, CHARGING, replace(network, capabilities=replace(network.capabilities, prices=prices)))


def give_budget(account: Account, limit: float, kept: float = 0, *, owns_app: bool = False) -> Budget:
    """In dollars."""
    facts = {"limit": int(limit * MICRO), "kept_for_answers": int(kept * MICRO), "set_by": account.owner}
    facts["owns_app"] = owns_app
    return Budget.objects.update_or_create(account=account, defaults=facts)[0]
