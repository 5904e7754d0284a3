"""Every network that publishes, as a `Square`: one module each, named like its key, with `square(server)`.

A network of `REAL` has `training_square(simulator)` too."""

from __future__ import annotations

from importlib import import_module

import pytest

from networks.catalogue import NETWORKS
from tests.networks.squares.square import Square

# Where a real server runs on this machine, it is one more square beside the training network.
REAL = {"bluesky": "pds"}
TRAINING = "@square"  # behind a key: the training network where the key alone means the real server

PUBLISHING = [key for key, network in NETWORKS.items() if network.capabilities.publishes]
PARAMS = [
    *(pytest.param(key, marks=[pytest.mark.pds] if REAL.get(key) == "pds" else []) for key in PUBLISHING),
    *(f"{key}{TRAINING}" for key in PUBLISHING if key in REAL),
]


def square_of(key: str, request: pytest.FixtureRequest) -> Square:
    name = key.removesuffix(TRAINING)
    module = import_module(f"tests.networks.squares.{name}")
    made: Square
    if name != key:
        made = module.training_square(request.getfixturevalue("simulator"))
    else:
        made = module.square(request.getfixturevalue(REAL.get(key, "simulator")))
    return made


__all__ = ["PARAMS", "Square", "square_of"]
