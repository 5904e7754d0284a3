"""Bluesky's real Personal Data Server for tests, on loopback.

Import `pds` (or `pds_with_limits`) into a conftest. The first use installs the pinned npm packages into
`.parvis/pds`, which takes some minutes; later ones start in seconds. Without Node the tests are skipped, loudly; with
PARVIS_REQUIRE_PDS=1 they fail instead.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.pds.serving import Node, Packages, absent

HERE = Path(__file__).parent
WHAT = "Bluesky's Personal Data Server"


@dataclass(frozen=True)
class PdsAccount:
    did: str
    handle: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Pds:
    """A running server. `allow` is what an `Egress` needs to reach it."""

    base_url: str

    @property
    def allow(self) -> frozenset[str]:
        return frozenset({self.base_url.partition("://")[2]})

    def create_account(self, handle: str, password: str) -> PdsAccount:
        """A new account; `handle` without a dot gets the server's own ending, `.test`."""
        full = handle if "." in handle else f"{handle}.test"
        asked = {"handle": full, "email": f"{full.partition('.')[0]}@example.org", "password": password}
        made = self.post("com.atproto.server.createAccount", asked)
        return PdsAccount(made["did"], full, password)

    def post(self, method: str, body: dict, token: str = "") -> dict:
        """As the holder of `token`, where there is one. Empty where the server has nothing to say."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(f"{self.base_url}/xrpc/{method}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"{}")

    def get(self, method: str, **query: str) -> dict:
        """A public read, without any client of ours: the independent witness."""
        url = f"{self.base_url}/xrpc/{method}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)


def node(what: str) -> Node:
    """The machine's own, for the server `what`."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if not found or not npm:
        absent(what, "there is no Node with npm on the PATH")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    if int(version.strip().lstrip("v").partition(".")[0] or 0) < 20:
        absent(what, f"Node {version.strip()} is older than 20")
    return Node(Path(found).resolve(), (npm,))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def packages() -> Packages:
    return Packages(WHAT, HERE, node(WHAT))


@contextmanager
def running(folder: Path, *flags: str) -> Iterator[Pds]:
    """A server that keeps its data in `folder`, for as long as the context lasts."""
    found = packages()
    found.install()
    with found.serving(str(_free_port()), str(_free_port()), str(folder), *flags) as told:
        yield Pds(told["pds"])


@pytest.fixture(scope="session")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    with running(tmp_path_factory.mktemp("pds")) as server:
        yield server


@pytest.fixture(scope="session")
def pds_with_limits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    """The same with its rate limits on, for real 429s."""
    with running(tmp_path_factory.mktemp("pds-limits"), "--rate-limits") as server:
        yield server
