"""The certified provider `oidc-provider` for tests, on loopback: one client, one account a name.

The first use installs the pinned npm packages into `.parvis/provider`.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.pds.fixture import node
from tests.pds.serving import Packages

HERE = Path(__file__).parent
WHAT = "The certified provider of sign-ins"


def packages() -> Packages:
    return Packages(WHAT, HERE, node(WHAT))


@contextmanager
def running(back: str, client: str, secret: str) -> Iterator[str]:
    """Its issuer, for as long as the context lasts; `back` is where it may send people."""
    found = packages()
    found.install()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with found.serving(str(port), back, client, secret) as told:
        yield told["issuer"]
