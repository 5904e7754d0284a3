"""Bluesky's real Personal Data Server for tests, on loopback.

Import `pds` (or `pds_with_limits`) into a conftest. The first use installs the pinned npm packages into
`.parvis/pds`, which takes some minutes; later ones start in seconds. Without Node the tests are skipped, loudly; with
PARVIS_REQUIRE_PDS=1 they fail instead.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import select
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
HOME = PROJECT / ".parvis" / "pds"
INSTALL_SECONDS = 900
START_SECONDS = 60


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

    def post(self, method: str, body: dict) -> dict:
        request = urllib.request.Request(
            f"{self.base_url}/xrpc/{method}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def get(self, method: str, **query: str) -> dict:
        """A public read, without any client of ours: the independent witness."""
        url = f"{self.base_url}/xrpc/{method}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)


def _absent(reason: str) -> None:
    message = f"Bluesky's Personal Data Server is not tested here: {reason}"
    if os.environ.get("PARVIS_REQUIRE_PDS") == "1":
        pytest.fail(message)
    pytest.skip(message)


def _node() -> str:
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        _absent("there is no Node with npm on the PATH")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    if int(version.strip().lstrip("v").partition(".")[0] or 0) < 20:
        _absent(f"Node {version.strip()} is older than 20")
    return str(node)


def install(node: str) -> None:
    """`npm ci` once per lock file; a second process waits for the first."""
    HOME.mkdir(parents=True, exist_ok=True)
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HOME / "installed"
    with (HOME / "lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, HOME / name)
        # The native module is compiled where no built one can be fetched; Node's own headers stand beside it.
        prefix = Path(node).resolve().parents[1]
        headers = {"npm_config_nodedir": str(prefix)} if (prefix / "include/node/node.h").exists() else {}
        done = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund"],
            cwd=HOME,
            env={**os.environ, **headers},
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
        if done.returncode:
            _absent(f"npm ci failed: {done.stderr[-500:]}")
        stamp.write_text(wanted)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, *flags: str) -> Iterator[Pds]:
    """A server that keeps its data in `folder`, for as long as the context lasts."""
    node = _node()
    install(node)
    arguments = [str(_free_port()), str(_free_port()), str(folder), *flags]
    with subprocess.Popen(
        [node, str(HERE / "server.mjs"), *arguments], cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Pds(_wait_until_ready(process))
        finally:
            assert process.stdin
            process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        if select.select([process.stdout], [], [], 0.5)[0]:
            line = process.stdout.readline()
            if line.startswith("{"):
                return str(json.loads(line)["pds"])
    process.kill()
    raise RuntimeError("the Personal Data Server did not start")


@pytest.fixture(scope="session")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    with running(tmp_path_factory.mktemp("pds")) as server:
        yield server


@pytest.fixture(scope="session")
def pds_with_limits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    """The same with its rate limits on, for real 429s."""
    with running(tmp_path_factory.mktemp("pds-limits"), "--rate-limits") as server:
        yield server
