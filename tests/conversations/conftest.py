from __future__ import annotations

from tests.monitoring.conftest import account, half_past_noon, manager, network, newcomer, unit

__all__ = ["account", "half_past_noon", "manager", "network", "newcomer", "unit"]
