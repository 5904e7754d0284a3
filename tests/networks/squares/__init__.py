"""Every network that publishes, as a `Square`: one module each, named like its key, with `square(server)`."""

from __future__ import annotations

from importlib import import_module

import pytest

from networks.catalogue import NETWORKS
from tests.networks.squares.square import Square

# Where a real server runs on this machine, it is the one.
REAL = {"bluesky": "pds"}

PARAMS = [
    pytest.param(key, marks=[pytest.mark.pds] if REAL.get(key) == "pds" else [])
    for key, network in NETWORKS.items()
    if network.capabilities.publishes
]


def square_of(key: str, request: pytest.FixtureRequest) -> Square:
    made: Square = import_module(f"tests.networks.squares.{key}").square(
        request.getfixturevalue(REAL.get(key, "simulator"))
    )
    return made


__all__ = ["PARAMS", "Square", "square_of"]
