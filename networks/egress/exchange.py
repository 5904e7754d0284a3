"""One request and its answer over a pinned connection, with a cap on size and on total time."""

from __future__ import annotations

import functools
import math
import ssl
import time
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx

from networks.egress.guard import Target
from networks.egress.terms import TOO_LATE
from networks.errors import NetworkError, OutcomeUnknown, Unavailable

Headers = Sequence[tuple[str, str]]

CHUNK = 65536
UPLOAD_RATE = 2_000_000  # bytes a second at which a large body is carried over at least
SENT_FROM = ("http11.send_request_headers.started",)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is complete and decoded; header names are lower case.

    `secrets` are the tokens that the request carried, so that no quotation of the answer repeats them.
    """

    url: str
    status: int
    headers: Headers
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def header(self, name: str) -> str:
        """The first value of `name` (lower case), or an empty string."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` is for the whole exchange, from the connection to the last byte; a body carried over at `UPLOAD_RATE`
    comes on top. `max_bytes` is for the decoded answer."""

    seconds: float
    max_bytes: int


class TooLarge(Exception):
    """The body passed the cap."""


class AnswerTooLarge(Unavailable):
    """What was read is larger than `Limits.max_bytes`. Asked again, it is as large."""


class Deadline:
    """One instant for a whole exchange, so that a slow drip cannot renew its time with every byte."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, timeout: float | None) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("out of time")
        return left if timeout is None else min(left, timeout)


class DeadlineStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return DeadlineStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the target's addresses whatever name is asked for; name, SNI and certificate stay the URL's."""

    def __init__(self, target: Target, deadline: Deadline) -> None:
        self._target = target
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        refused: Exception = httpcore.ConnectError("no address")
        for address in self._target.addresses:
            try:
                left = self._deadline.left(timeout)
                stream = self._plain.connect_tcp(address, self._target.port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refused = error
            else:
                return DeadlineStream(stream, self._deadline)
        raise refused


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Certificates are always checked. SSL_CERT_FILE names an administration's own authorities."""
    return httpx.create_ssl_context()


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to leave. `write` says that it has a public effect; `before` is the instant of
    `time.monotonic()` from which on it does not leave any more."""

    method: str
    url: str
    headers: Headers = field(repr=False)
    content: bytes = field(repr=False)
    write: bool
    before: float = math.inf


def exchange(target: Target, call: Call, limits: Limits) -> Answer:
    """Send once, on a fresh connection, and read the whole answer. Follows nothing, repeats nothing.

    `Unavailable` when nothing can have happened (no connection, or not a write); `OutcomeUnknown` when a write had
    begun to leave and no whole answer came.
    """
    sent = False

    def trace(event: str, _info: dict[str, Any]) -> None:
        nonlocal sent
        if event in SENT_FROM and time.monotonic() > call.before:
            raise Unavailable(TOO_LATE)  # connecting took long, or the process was stopped in it
        sent = sent or event in SENT_FROM

    failure: NetworkError
    try:
        return _exchange(target, call, limits, trace)
    except TooLarge:
        failure = OutcomeUnknown("answer too large") if call.write else AnswerTooLarge("answer too large")
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, zlib.error, OSError) as error:
        words = type(error).__name__
        failure = OutcomeUnknown(words) if call.write and sent else Unavailable(words)
    # Raised out here so that the failed request, with its headers, does not travel along as the context.
    raise failure


def _exchange(target: Target, call: Call, limits: Limits, trace: Any) -> Answer:
    seconds = limits.seconds + len(call.content) / UPLOAD_RATE
    backend = PinnedBackend(target, Deadline(seconds))
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
    # No connection is kept: a write on a connection that the other side just closed would be an unknown outcome.
    with (
        httpcore.ConnectionPool(
            ssl_context=tls_context(),
            max_connections=1,
            max_keepalive_connections=0,
            retries=0,
            network_backend=backend,
        ) as pool,
        pool.stream(
            call.method,
            call.url,
            headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in call.headers],
            content=call.content or None,
            extensions={"timeout": timeouts, "trace": trace},
        ) as response,
    ):
        received = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers]
        body = _read(response.iter_stream(), dict(received).get("content-encoding", ""), limits.max_bytes)
        kept = tuple((name, value) for name, value in received if name not in ("content-encoding", "content-length"))
        return Answer(call.url, response.status, kept, body)


def _read(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """The whole body, decoded. The cap counts decoded bytes, so that a small bomb stays small, and those that came, of
    which some say nothing. What follows the end of what was packed is not read: the library would keep it, and copy it
    anew for each piece."""
    unpack = zlib.decompressobj(wbits=47) if encoding.lower() in ("gzip", "deflate", "x-gzip") else None
    body, received = bytearray(), 0
    for chunk in chunks:
        received += len(chunk)
        body += unpack.decompress(chunk, max_bytes + 1 - len(body)) if unpack else chunk
        if len(body) > max_bytes or (unpack and unpack.unconsumed_tail):
            raise TooLarge
        if unpack and unpack.eof:
            break
        if received > max_bytes:
            raise TooLarge
    if unpack and body and not unpack.eof:
        raise zlib.error("incomplete")
    return bytes(body)
