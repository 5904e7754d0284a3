"""A small HTTP server on loopback that can also misbehave, for the connectors' tests."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query)

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode("utf-8", "replace"))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


# What a script returns: it gets the open connection and may do anything with it.
Reply = Callable[[socket.socket, threading.Event], None]
Script = Callable[[Asked], Reply]


@dataclass
class Loopback:
    port: int
    script: Script
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    tls: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def allow(self) -> frozenset[str]:
        return frozenset({f"127.0.0.1:{self.port}"})

    def count(self, method: str, path: str) -> int:
        return sum(asked.method == method and asked.path == path for asked in self.asked)


@contextmanager
def serve(script: Script) -> Iterator[Loopback]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = Loopback(listener.getsockname()[1], script)
    over = threading.Event()
    threads = [threading.Thread(target=_accept, args=(listener, server, over))]
    threads[0].start()
    try:
        yield server
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        threads[0].join(5)


def _accept(listener: socket.socket, server: Loopback, over: threading.Event) -> None:
    handlers: list[threading.Thread] = []
    while not over.is_set():
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        server.connections += 1
        handlers.append(threading.Thread(target=_handle, args=(connection, server, over)))
        handlers[-1].start()
    for handler in handlers:
        handler.join(5)


def _handle(connection: socket.socket, server: Loopback, over: threading.Event) -> None:
    connection.settimeout(10)
    try:
        secured = server.tls.wrap_socket(connection, server_side=True) if server.tls else connection
    except OSError:
        connection.close()
        return
    with secured as connection:
        try:
            asked = _read(connection)
            if asked:
                server.asked.append(asked)
                server.script(asked)(connection, over)
        except OSError:
            pass  # the client went away, which is what some tests are about


def _read(connection: socket.socket) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Asked(method, target, headers, body)


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """A well-formed answer: JSON, or the given bytes or text as they are."""
    given = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    content = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()

    def reply(connection: socket.socket, _over: threading.Event) -> None:
        connection.sendall(_head(status, {**given, "Content-Length": str(len(content))}) + content)

    return reply


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items()), "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def html(status: int = 200) -> Reply:
    return answer("<html><body>Maintenance</body></html>", status, {"Content-Type": "text/html"})


def silent(_connection: socket.socket, over: threading.Event) -> None:
    over.wait(8)


def reset(connection: socket.socket, _over: threading.Event) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang_up(_connection: socket.socket, _over: threading.Event) -> None:
    """Closes without a word."""


def truncated(connection: socket.socket, _over: threading.Event) -> None:
    connection.sendall(_head(200, {"Content-Type": "application/json", "Content-Length": "5000"}) + b'{"id": "1", ')


def drip(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(_head(200, {"Content-Type": "application/json", "Content-Length": "5000"}))
    end = time.monotonic() + 8
    while not over.wait(0.05) and time.monotonic() < end:
        connection.sendall(b" ")


def drip_head(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    end = time.monotonic() + 8
    while not over.wait(0.05) and time.monotonic() < end:
        connection.sendall(b"a")


def garbage(connection: socket.socket, _over: threading.Event) -> None:
    connection.sendall(b"\x00\xff\x17this is not HTTP\r\n\r\n")


def flood(connection: socket.socket, _over: threading.Event) -> None:
    connection.sendall(_head(200, {"Content-Type": "application/json", "Content-Length": str(64 * 1024 * 1024)}))
    for _ in range(1024):
        connection.sendall(b" " * 65536)
