"""`make run` in a copy of the checkout: everything answers, Ctrl-C or a kill leaves nothing, a second start works."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.launcher.living import belonging_to, nothing_left_of

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".parvis", "node_modules", "__pycache__", ".*_cache", "tests", "staticfiles"
)
LAST_WORDS = "Ctrl-C stops everything."


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A copy below a folder that only its owner may enter, with this checkout's packages and built pages."""
    closed = Path(tempfile.mkdtemp(prefix="parvis-whole-"))
    copy = closed / "parvis"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    yield copy
    subprocess.run([sys.executable, "-m", "launcher", "reset"], cwd=copy, env=os.environ | {"YES": "1"}, check=False)
    shutil.rmtree(closed, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Run:
    """One `python -m launcher run`, read until its last words."""

    def __init__(self, checkout: Path) -> None:
        self.port, self.simulator_port = free_port(), free_port()
        around = {
            name: value for name, value in os.environ.items() if not name.startswith(("PARVIS_", "DATABASE_", "MAKE"))
        }
        around |= {"PORT": str(self.port), "SIMULATOR_PORT": str(self.simulator_port)}
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [str(checkout / ".venv" / "bin" / "python"), "-m", "launcher", "run"],
            cwd=checkout,
            env=around,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until_open(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if LAST_WORDS in line:
                return
        self.ended_by(signal.SIGTERM)
        pytest.fail("".join(self.said))

    def ended_by(self, number: int) -> int:
        self.process.send_signal(number)
        assert self.process.stdout is not None
        if not self.process.stdout.closed:
            self.said += self.process.stdout.readlines()
            self.process.stdout.close()
        return self.process.wait(timeout=60)


@pytest.fixture
def start(checkout: Path) -> Iterator[Callable[[], Run]]:
    """Starts one run after another, each on ports of its own; a test that fails leaves none behind."""
    runs: list[Run] = []

    def one() -> Run:
        runs.append(Run(checkout))
        return runs[-1]

    yield one
    for run in runs:
        run.ended_by(signal.SIGKILL)
    nothing_left_of(checkout)


def status(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        return int(answer.status)


@pytest.mark.slow
def test_it_starts_is_killed_starts_again_and_stops(checkout: Path, start: Callable[[], Run]) -> None:
    first = start()
    first.until_open()
    assert status(first.port) == 200
    assert status(first.simulator_port) == 200
    assert "@" in "".join(first.said), "the demonstration's people are shown"
    for kept in ("people.json", "apps.json"):
        assert (checkout / ".parvis" / kept).stat().st_mode & 0o777 == 0o600
    beside = subprocess.run(
        [sys.executable, "-m", "launcher", "run"],
        cwd=checkout,
        env=os.environ | {"PORT": str(free_port())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert beside.returncode == 1
    assert f"already runs from this folder (process {first.process.pid})" in beside.stderr
    assert len(belonging_to(checkout)) >= 5

    first.ended_by(signal.SIGKILL)
    assert nothing_left_of(checkout) == []

    second = start()
    second.until_open()
    assert status(second.port) == 200
    time.sleep(1)
    assert second.ended_by(signal.SIGINT) == 0
    assert "Parvis has stopped." in "".join(second.said)
    assert nothing_left_of(checkout, seconds=2) == []
