"""Servers that come as npm packages: installed once per lock file below `.parvis`, and run for the length of a test.

Where one cannot run the tests are skipped, loudly; with PARVIS_REQUIRE_PDS=1 they fail instead.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

HOMES = Path(__file__).parents[2] / ".parvis"
INSTALL_SECONDS = 900
START_SECONDS = 60


def absent(what: str, reason: str) -> NoReturn:
    message = f"{what} is not tested here: {reason}"
    if os.environ.get("PARVIS_REQUIRE_PDS") == "1":
        pytest.fail(message)
    pytest.skip(message)


@dataclass(frozen=True)
class Node:
    program: Path
    npm: tuple[str, ...]  # npm's command

    def environment(self) -> dict[str, str]:
        """With this very Node for the packages' own scripts, and its own headers: native modules are compiled where no
        built ones can be fetched."""
        found = {**os.environ, "PATH": f"{self.program.parent}:{os.environ.get('PATH', '/usr/bin:/bin')}"}
        prefix = self.program.parents[1]
        return found | ({"npm_config_nodedir": str(prefix)} if (prefix / "include/node/node.h").exists() else {})


@dataclass(frozen=True)
class Packages:
    """The folder `here` holds package.json, its lock file, and server.mjs, which tells in a line of JSON that it runs
    and ends with its standard input."""

    what: str
    here: Path
    node: Node

    @property
    def home(self) -> Path:
        return HOMES / self.here.name

    def install(self) -> None:
        """`npm ci` once per lock file; a second process waits for the first."""
        self.home.mkdir(parents=True, exist_ok=True)
        wanted = hashlib.sha256((self.here / "package-lock.json").read_bytes()).hexdigest()
        stamp = self.home / "installed"
        with (self.home / "lock").open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            if stamp.exists() and stamp.read_text() == wanted:
                return
            for name in ("package.json", "package-lock.json"):
                shutil.copy(self.here / name, self.home / name)
            done = subprocess.run(
                [*self.node.npm, "ci", "--no-audit", "--no-fund"],
                cwd=self.home,
                env=self.node.environment(),
                capture_output=True,
                text=True,
                timeout=INSTALL_SECONDS,
                check=False,
            )
            if done.returncode:
                absent(self.what, f"npm ci failed: {done.stderr[-500:]}")
            stamp.write_text(wanted)

    @contextmanager
    def serving(self, *arguments: str, **settings: str) -> Iterator[dict[str, str]]:
        """What the server tells once it is ready, for as long as the context lasts."""
        with subprocess.Popen(
            [self.node.program, str(self.here / "server.mjs"), *arguments],
            cwd=self.home,
            env={**os.environ, **settings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield self._wait_until_ready(process)
            finally:
                assert process.stdin
                process.stdin.close()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()

    def _wait_until_ready(self, process: subprocess.Popen[str]) -> dict[str, str]:
        assert process.stdout
        end = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < end:
            if select.select([process.stdout], [], [], 0.5)[0]:
                line = process.stdout.readline()
                if line.startswith("{"):
                    return dict(json.loads(line))
        process.kill()
        raise RuntimeError(f"{self.what} did not start")
