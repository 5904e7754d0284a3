"""A load balancer of the plainest kind: each connection goes to the next of its servers, whatever it carries."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections import Counter
from itertools import cycle
from typing import Any


class Balancer:
    """On a port of loopback until `end`; `served` counts the connections that each server had."""

    def __init__(self, ports: list[int]) -> None:
        self.served: Counter[int] = Counter()
        self._turn, self._lock = cycle(ports), threading.Lock()
        balancer = self

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with socket.create_connection(("127.0.0.1", balancer.choose()), 30) as server:
                    back = threading.Thread(target=pour, args=(server, self.request), daemon=True)
                    back.start()
                    pour(self.request, server)
                    back.join(60)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Connection)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def choose(self) -> int:
        with self._lock:
            port = next(self._turn)
            self.served[port] += 1
            return port

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def pour(source: Any, into: Any) -> None:
    """All that `source` says, to `into`, which then hears that nothing more comes."""
    try:
        while said := source.recv(65536):
            into.sendall(said)
        into.shutdown(socket.SHUT_WR)
    except OSError:
        return
