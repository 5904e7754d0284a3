"""A broker between real processes, and a witness who reads every message that passes through it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from tests.faults.crew import Broker


class Overheard(Protocol):
    """`url` is for PARVIS_BROKER_URL; `end()` gives all that was written to the broker."""

    url: str

    def end(self) -> bytes: ...


class Folder:
    """The broker of `make run`, whose workers put aside what they have taken (`tests/talkative.py`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "broker"
        self.url = f"filesystem://{self.folder}"

    def _files(self) -> Iterator[Path]:
        for place in ("messages", "control", "processed"):
            yield from (self.folder / place).glob("*")

    def end(self) -> bytes:
        """What waits still, which queue gets what, and what was taken: last, since a worker may take one meanwhile."""
        read: list[bytes] = []
        for file in self._files():
            with suppress(FileNotFoundError):
                read.append(file.read_bytes())
        return b"\n".join(read)


class Monitored:
    """A Redis of the test's own, which tells every command that it is given."""

    def __init__(self, folder: Path) -> None:
        self._server = Broker(folder)
        self._server.start()
        self.url = self._server.url
        self._said = bytearray()
        self._line = socket.create_connection(("127.0.0.1", self._server.port), 10)
        self._line.sendall(b"MONITOR\r\n")
        assert self._line.recv(16).startswith(b"+OK")
        self._line.settimeout(None)
        self._reader = threading.Thread(target=self._watch)
        self._reader.start()

    def _watch(self) -> None:
        with suppress(OSError):
            while part := self._line.recv(65536):
                self._said += part

    def end(self) -> bytes:
        time.sleep(0.2)
        self._server.kill()
        self._reader.join(10)
        self._line.close()
        return bytes(self._said)


BROKERS = {"folder": Folder, "redis": Monitored}
