"""A broker between real processes, and a witness who reads every message that passes through it."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from tests.faults.crew import Broker


class Overheard(Protocol):
    """`url` is for PARVIS_BROKER_URL; `end()` gives all that was written to the broker."""

    url: str

    def end(self) -> bytes: ...


class Folder:
    """The broker of `make run`. A message lies there until a worker looks, five times a second: read far more often."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "broker"
        self.url = f"filesystem://{self.folder}"
        self._read: dict[Path, bytes] = {}
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._watch)
        self._reader.start()

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            for file in [*self.folder.glob("messages/*"), *self.folder.glob("control/*")]:
                if file.suffix != ".writing" and not self._read.get(file):
                    with suppress(OSError):  # a worker was quicker; its log tells whether we missed one
                        self._read[file] = file.read_bytes()

    def end(self) -> bytes:
        self._over.set()
        self._reader.join(10)
        return b"\n".join(self._read.values())


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
