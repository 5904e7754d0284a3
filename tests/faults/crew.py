"""Real processes for the fault tests: workers, the clockwork, a broker of their own. All end with the test."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_until(holds: Callable[[], bool], what: str, *, seconds: float) -> None:
    """Returns as soon as `holds`; fails the test with `what` after `seconds`."""
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            pytest.fail(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.1)


class Broker:
    """A Redis of our own, which forgets everything when it ends."""

    def __init__(self, folder: Path) -> None:
        binary = shutil.which("redis-server")
        if binary is None:
            pytest.skip("no redis-server on this machine to flush and kill")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, cwd=self._folder, stdout=subprocess.DEVNULL)
        wait_until(self._answers, "the broker answers", seconds=20)

    def _answers(self) -> bool:
        with socket.socket() as sock:
            return sock.connect_ex(("127.0.0.1", self.port)) == 0

    def flush(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), 5) as sock:
            sock.sendall(b"FLUSHALL\r\n")
            assert sock.recv(16).startswith(b"+OK")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def database_url() -> str:
    """The server of the environment, and the database that the tests made on it."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))


class Crew:
    """Workers, the clockwork and the pages, on the test's own database."""

    def __init__(
        self, folder: Path, environment: dict[str, str], *, app: str = "tests.faults.worker", says: str = "WARNING"
    ) -> None:
        self._app, self._says = app, says
        self.folder = folder
        self._environment = {**os.environ, "PARVIS_MODE": "test", "DATABASE_URL": database_url()}
        self._environment |= {"PARVIS_WITNESS": settings.WITNESS, **environment}
        self._processes: list[subprocess.Popen[bytes]] = []
        self._log = (folder / "crew.log").open("ab")

    def worker(self) -> subprocess.Popen[bytes]:
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return self._celery("worker", *quiet)

    def clockwork(self) -> subprocess.Popen[bytes]:
        schedule = self.folder / f"beat{len(self._processes)}"
        return self._celery("beat", "--schedule", str(schedule), "--pidfile", "")

    def _celery(self, *words: str) -> subprocess.Popen[bytes]:
        return self.start("celery", "-A", self._app, *words, "--loglevel", self._says)

    def start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        """A program of the virtual environment. What it says goes where the others' words go."""
        command = [sys.executable, "-m", module, *words]
        process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=self._log, stderr=subprocess.STDOUT)
        self._processes.append(process)
        return process

    def well(self) -> bool:
        """Fails the test with the log's end when a process ended by itself: one that cannot start sends nothing."""
        if any(process.poll() not in (None, -signal.SIGKILL) for process in self._processes):
            pytest.fail((self.folder / "crew.log").read_text()[-2000:])
        return True

    def end(self) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
        self._log.close()
