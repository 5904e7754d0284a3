from __future__ import annotations

from tests.pds.fixture import pds, pds_with_limits

__all__ = ["pds", "pds_with_limits"]
