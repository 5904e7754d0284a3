"""The command itself: it says READY, keeps what it was told over a kill, and bears a busy hour."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mastodon import Mastodon

from tests.simulator.fixture import Control

Start = Callable[..., tuple[subprocess.Popen[str], Control]]


@pytest.fixture
def start(tmp_path: Path, project_root: Path) -> Iterator[Start]:
    """Start the server as a person would; whatever still runs at the end is ended."""
    running: list[subprocess.Popen[str]] = []

    def run(*options: str) -> tuple[subprocess.Popen[str], Control]:
        command = [sys.executable, "-W", "error", "-m", "simulator", "--port", "0", "--data", str(tmp_path), *options]
        process = subprocess.Popen(command, cwd=project_root, text=True, stdout=subprocess.PIPE)
        running.append(process)
        assert process.stdout is not None
        ready, _, url = process.stdout.readline().strip().partition(" ")
        assert ready == "READY"
        return process, Control(url, key=(tmp_path / "key").read_text())

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.longer
def test_nothing_answered_is_lost_by_a_kill(start: Start) -> None:
    process, first = start("--empty")
    token = first.person("finances")
    for number in range(20):
        first.speak("luc", f"@finances {number}")
    first.fault("status", "^POST ", status=503)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    _, second = start("--empty")
    assert len(second.posts()) == 20
    assert len(second.faults()) == 1
    client = Mastodon(access_token=token, api_base_url=second.url)
    assert len(client.notifications(limit=80)) == 20


@pytest.mark.longer
def test_it_ends_when_asked_and_begins_with_citizens(start: Start) -> None:
    process, simulator = start()
    assert len(simulator.control("GET", "people")) == 8
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_a_port_that_is_taken_is_one_sentence(project_root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "simulator", "--memory", "--port", port]
        done = subprocess.run(command, cwd=project_root, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 1
    assert done.stderr == f"Port {port} on 127.0.0.1 cannot be opened: Address already in use.\n"
