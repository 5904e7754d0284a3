from __future__ import annotations

from tests.appview.fixture import appview
from tests.pds.fixture import pds, pds_with_limits
from tests.simulator.fixture import simulator, simulator_server

__all__ = ["appview", "pds", "pds_with_limits", "simulator", "simulator_server"]
