"""The HTTP server: a thread a connection, keep-alive, one store behind a lock, and faults at the edge."""

from __future__ import annotations

import hmac
import re
import socket
import struct
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import unquote, urlsplit

from simulator import control
from simulator.calling import Caller
from simulator.dialects import DIALECTS, dialect_of
from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.faults import Fault, decides, strike
from simulator.floods.performing import Metronome
from simulator.manners import Manners
from simulator.pages import addresses
from simulator.pages.html import missing
from simulator.routing import Route, Simulator, find
from simulator.store import grants, journal, people
from simulator.store.database import now_ms

MAX_BODY = 20_000_000
HOST = re.compile(r"^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.\-]+)(:\d{1,5})?$")
CONTROL = "/_simulator/"
KEY = "x-simulator-key"
HTML_FAULT = b"<!doctype html><html lang=en><title>Bad gateway</title><h1>502 Bad gateway</h1><hr>proxy</html>"

ROUTES = [*(route for dialect in DIALECTS for route in dialect.routes), *control.routes.table, *addresses.ROUTES]
PLAIN = Manners()


class Server(ThreadingHTTPServer):
    """Listens at once; `serve_forever` answers, under its own names alone, and obeys whoever knows `key`.

    A page of another site cannot reach it, not even by a name of its own that it points at this machine.
    """

    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def __init__(
        self, simulator: Simulator, host: str = "127.0.0.1", port: int = 0, public_url: str = "", *, key: str
    ) -> None:
        self.simulator = simulator
        self.key = key
        self.public_url = public_url.rstrip("/")
        self.caller = Caller(simulator, anywhere=simulator.hooks_anywhere)
        self.metronome = Metronome(simulator)
        own = urlsplit(self.public_url).hostname
        self.names = {"localhost", "127.0.0.1", "[::1]", host.lower(), *([own] if own else [])}
        super().__init__((host, port), Handler)

    def is_called(self, host: str) -> bool:
        """Whether the header `Host` says one of our own names."""
        found = HOST.match(host)
        return found is not None and found[1].lower() in self.names

    @property
    def url(self) -> str:
        return self.public_url or f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def server_close(self) -> None:
        super().server_close()
        self.metronome.end()
        self.caller.end()

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hung up is its own affair; anything else is ours to see."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(cast("socket.socket", request), client_address)


class Handler(BaseHTTPRequestHandler):
    """Reads one call after another from a connection, and lets faults have their way with the answers."""

    protocol_version = "HTTP/1.1"
    server_version = "Square"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 120

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Nothing on the console: the journal knows."""

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_GET  # noqa: N815 - the base class looks for these names

    def _serve(self) -> None:
        request = self._read()
        if request is None:
            return
        dialect = dialect_of(request.path)
        api = dialect is not None
        started = now_ms()
        struck = strike(self._simulator.db, request.method, request.path) if api else []
        deciding = next((fault for fault in struck if decides(fault)), None)
        _delay(request, struck, "before")
        for fault in struck:
            if fault.kind == "list_lag":
                request.lag_ms = int(fault.seconds * 1000)
            elif fault.kind == "late_key":
                request.key_delay = fault.seconds
        instead = _instead(deciding, dialect.manners if dialect else PLAIN)
        skipped = deciding is not None and (deciding.kind == "reset" or (instead and deciding.moment == "before"))
        answer = Answer(0, b"") if skipped else self._dispatch(request)
        if instead:
            answer = instead
        _delay(request, struck, "after")
        if api:
            self._note(request, answer, struck, deciding, started)
        self._send(answer, deciding, request.method == "HEAD")

    def _dispatch(self, request: Request) -> Answer:
        key = cast("Server", self.server).key
        given = request.headers.get(KEY, "")
        if request.path.startswith(CONTROL) and not (key and hmac.compare_digest(given.encode(), key.encode())):
            return json_answer({"error": f"the control port asks for its key, in the header {KEY}"}, 401)
        return answer_to(self._simulator, request)

    @property
    def _simulator(self) -> Simulator:
        return cast("Server", self.server).simulator

    def _read(self) -> Request | None:
        length = self.headers.get("Content-Length", "0")
        if (
            not (length.isascii() and length.isdigit())
            or int(length) > MAX_BODY
            or self.headers.get("Transfer-Encoding")
        ):
            self.close_connection = True
            self._send(json_answer({"error": "Payload Too Large"}, 413), None, head=False)
            return None
        parts = urlsplit(self.path)
        host = self.headers.get("Host", "")
        server = cast("Server", self.server)
        if not server.is_called(host):
            self.close_connection = True
            self._send(json_answer({"error": "Misdirected Request"}, 421), None, head=False)
            return None
        base = server.public_url or f"http://{host}"
        return Request(
            method="GET" if self.command == "HEAD" else self.command,
            path=unquote(parts.path),
            query=parts.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length)),
            base_url=base,
        )

    def _note(
        self, request: Request, answer: Answer, struck: list[Fault], deciding: Fault | None, started: int
    ) -> None:
        journal.write(
            self._simulator.db,
            journal.Call(
                at_ms=started,
                method=request.method,
                path=request.path,
                query=request.query,
                person=request.person.handle if request.person else None,
                status=answer.status,
                answered=deciding is None or deciding.kind in {"status", "html"},
                fault=",".join(fault.kind for fault in struck) or None,
                idempotency_key=request.headers.get("idempotency-key"),
                created=request.made,
                took_ms=now_ms() - started,
            ),
        )

    def _send(self, answer: Answer, fault: Fault | None, head: bool) -> None:
        kind = fault.kind if fault else ""
        if kind == "reset":
            # Zero linger: the caller sees the connection reset, not closed.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if kind in {"reset", "lost_answer"}:
            self.close_connection = True
            return
        self.send_response(answer.status, REASONS.get(answer.status))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "same-origin")
        body = b"" if head else answer.body
        if kind == "truncated":
            self.close_connection, body = True, body[: len(body) // 2]
        if self.close_connection:
            self.send_header("Connection", "close")
        told = b"".join([*getattr(self, "_headers_buffer", []), b"\r\n", body])
        # An answer without a body breaks off in its head.
        self.wfile.write(told[: len(told) // 2] if kind == "truncated" and not answer.body else told)
        self._headers_buffer: list[bytes] = []


REASONS = {421: "Misdirected Request", 422: "Unprocessable Content"}


def _delay(request: Request, struck: list[Fault], moment: str) -> None:
    for fault in struck:
        if fault.kind == "late" and fault.moment == moment:
            time.sleep(fault.seconds)


def _instead(fault: Fault | None, manners: Manners) -> Answer | None:
    """What a fault answers in place of the network."""
    if fault and fault.kind == "html":
        return Answer(200, HTML_FAULT, {"Content-Type": "text/html; charset=utf-8"})
    if fault and fault.kind == "status":
        retry = {"Retry-After": str(int(fault.seconds or 1))} if fault.status == 429 else {}
        refusal = manners.broken(fault.status)
        return json_answer(refusal.payload, refusal.status, {**refusal.headers, **retry})
    return None


def answer_to(simulator: Simulator, request: Request) -> Answer:
    """Find the view, know the caller, count the call, answer."""
    dialect = dialect_of(request.path)
    manners = dialect.manners.at(simulator.db) if dialect else PLAIN
    found = find(ROUTES, request)
    if not found:
        return _refused(manners.not_found()) if dialect else missing(request)
    route, captured = found
    headers: dict[str, str] = {}
    try:
        if route.families:
            _recognise(simulator, request, manners)
            headers = _count(simulator, request, route, manners)
            _authorise(request, route, manners)
        elif request.method != "GET" and not dialect and not request.path.startswith(CONTROL):
            _same_origin(request)
        answer = route.view(simulator, request, **captured)
    except Refused as refusal:
        answer = _refused(refusal)
    except people.HandleRefused as refusal:
        answer = _refused(Refused(422, f"handle: {people.HandleRefused.__doc__} Not: {refusal}"))
    answer.headers |= headers
    return answer


def _refused(refusal: Refused) -> Answer:
    answer = json_answer(refusal.payload, refusal.status)
    answer.headers |= refusal.headers
    return answer


def _same_origin(request: Request) -> None:
    """Forms come from our own pages: a browser says so of every form that it sends."""
    origin = request.headers.get("origin", "")
    if urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused(403, "this page does not take forms from elsewhere")


def _recognise(simulator: Simulator, request: Request, manners: Manners) -> None:
    given = manners.token(request)
    if not given:
        return
    request.token = grants.token(simulator.db, given)
    if request.token and request.token.works:
        request.person = people.by_id(simulator.db, request.token.person_id)


def _count(simulator: Simulator, request: Request, route: Route, manners: Manners) -> dict[str, str]:
    """The headers of the narrowest limit that applies; refuses the call that is one too many."""
    caller = request.person.handle if request.person else "anonymous"
    readings = [simulator.limits.count(family, caller) for family in route.families]
    shown = next((reading for reading in readings if reading.exceeded), readings[-1])
    if shown.exceeded:
        refusal = manners.too_many(shown)
        refusal.headers |= manners.rate_headers(shown)
        raise refusal
    return manners.rate_headers(shown)


def _authorise(request: Request, route: Route, manners: Manners) -> None:
    token = request.token
    if manners.token(request) and (not token or not token.works):
        raise manners.token_invalid(revoked=bool(token and token.revoked))
    if token and route.scope and not token.is_standing and not manners.allows(token.scopes, route.scope):
        raise manners.outside_scopes()
    if route.signed_in and not request.person:
        raise manners.needs_person() if token else manners.token_invalid()
