"""An app that hears what networks tell it: a server on loopback that keeps the calls as they came."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Heard:
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


class App:
    """`heard` are the calls, in order; `answer` is the status that it gives, and `location` where it sends on."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answer = 200
        self.location = ""
        self.url = ""
        self.called = threading.Event()
        self.goes_on = threading.Event()  # cleared: it leaves its callers waiting
        self.goes_on.set()


@contextmanager
def listening() -> Iterator[App]:
    app = App()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            app.heard.append(Heard(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            app.called.set()
            app.goes_on.wait(4)
            self.send_response(app.answer)
            if app.location:
                self.send_header("Location", app.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    app.url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/x/?a=1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield app
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
