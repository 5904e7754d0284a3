"""Every network that publishes, as a `Square`: one module each, named like its key, with `square(server)`.

That of a network of `REAL` takes either server."""

from __future__ import annotations

from importlib import import_module

import pytest

from networks.catalogue import NETWORKS
from tests.networks.squares.square import Square

# Where a real server runs on this machine, it is one more square beside the training network; so is one more of them.
REAL = {"bluesky": "pds"}
BESIDE = {"bluesky@appview": "appview"}
TRAINING = "@square"  # behind a key: the training network where the key alone means the real server

# Behind a key, whose server speaks the network's language where several do.
SERVERS = {"mastodon": ("gotosocial", "takahe")}

PUBLISHING = [key for key, network in NETWORKS.items() if network.capabilities.publishes]
PARAMS = [
    *(pytest.param(key, marks=[pytest.mark.pds] if REAL.get(key) == "pds" else []) for key in PUBLISHING),
    *(pytest.param(key, marks=[pytest.mark.pds]) for key in BESIDE),
    *(pytest.param(f"{key}{TRAINING}") for key in PUBLISHING if key in REAL),
    *(
        pytest.param(f"{key}@{server}", marks=[pytest.mark.slow])
        for key, servers in SERVERS.items()
        for server in servers
    ),
]


def square_of(key: str, request: pytest.FixtureRequest) -> Square:
    server = "simulator" if key.endswith(TRAINING) else {**REAL, **BESIDE}.get(key, "simulator")
    network, _, software = key.removesuffix(TRAINING).partition("@")
    module = import_module(f"tests.networks.squares.{network}")
    chosen = {"software": software} if software and key not in BESIDE else {}
    made: Square = module.square(request.getfixturevalue(server), **chosen)
    return made


__all__ = ["PARAMS", "Square", "square_of"]
