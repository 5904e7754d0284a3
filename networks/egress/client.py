"""The egress client: what the rest of Parvis holds in its hand."""

from __future__ import annotations

import math
import re
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import httpx
import requests

from networks.addresses import in_ascii
from networks.egress.adapters import GuardedAdapter, GuardedSession, GuardedTransport
from networks.egress.exchange import Answer, AnswerTooLarge, Call, Headers, Limits, exchange
from networks.egress.guard import Guard, Resolve, Target, system_resolve
from networks.egress.rates import read_instant, read_rate
from networks.egress.terms import Rate, Terms
from networks.errors import EgressRefused, Invalid, Unavailable

USER_AGENT = "Parvis"
REDIRECTS = (301, 302, 303, 307, 308)
MAX_REDIRECTS = 5
# Of an address that somebody else chose: to take one apart, its host is normalised, which costs the square of accents.
LONGEST_ADDRESS = 8000
PINNED_SECONDS = 60.0
FOREIGN = re.compile(r"[^\x00-\x7f]+")
# What a client may say for itself without it becoming a credential that a redirect could carry off.
HARMLESS_HEADERS = ("accept", "accept-language", "if-none-match", "if-modified-since")
HOP_HEADERS = ("host", "connection", "content-length", "transfer-encoding", "accept-encoding", "proxy-authorization")


class Egress:
    """Resolves once, pins the address, refuses private ranges and odd ports, caps size and total time.

    `allow` names exceptions as "host:port", for the simulator and tests. `timeout` is seconds for one whole exchange,
    `max_bytes` the largest answer. `rates` holds, per origin, what the network last said about its limits. Make one a
    task; do not share it across threads.
    """

    def __init__(
        self,
        allow: frozenset[str] = frozenset(),
        timeout: float = 30.0,
        max_bytes: int = 8 * 1024 * 1024,
        resolve: Resolve = system_resolve,
    ) -> None:
        self.guard = Guard(frozenset(entry.lower() for entry in allow), resolve)
        self.limits = Limits(timeout, max_bytes)
        self.rates: dict[str, Rate] = {}
        self._pinned: dict[str, tuple[Target, float]] = {}

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Read a public address, following at most five redirects, each checked as the first was. No credentials.

        Any status is an answer. `EgressRefused` by a rule, `Unavailable` when it cannot be read.
        """
        kept = [(name, value) for name, value in (headers or {}).items() if name.lower() in HARMLESS_HEADERS]
        for _ in range(MAX_REDIRECTS + 1):
            url = _written(url)
            target = self._target(url, credentials=False)
            answer = self._send(target, Call("GET", url, _outgoing("GET", url, kept, b""), b"", write=False))
            location = answer.header("location")
            if answer.status not in REDIRECTS or not location:
                return answer
            url = _follow(url, location)
        raise Unavailable("too many redirects")

    def session(self, terms: Terms) -> requests.Session:
        """A requests session for a client library that takes one; every call of it runs under `terms`."""
        session = GuardedSession()
        adapter = GuardedAdapter(self, terms)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session

    def transport(self, terms: Terms) -> httpx.BaseTransport:
        """An httpx transport for a client library that takes one; every call of it runs under `terms`."""
        return GuardedTransport(self, terms)

    def connect(self, url: str) -> socket.socket:
        """A connected TCP socket to a checked address of a ws:// or wss:// `url`; TLS is the caller's to add."""
        target = self._target(url, credentials=False)
        words = ""
        for address in target.addresses:
            try:
                return socket.create_connection((address, target.port), self.limits.seconds)
            except OSError as error:
                words = type(error).__name__
        raise Unavailable(words)

    def call(self, terms: Terms, method: str, url: str, headers: Headers, content: bytes) -> Answer:
        """One call with credentials, judged by `terms`. Redirects are never followed."""
        write = terms.is_write(method, urlsplit(url).path)
        target = self._target(url, credentials=True)
        terms.require_start(write=write)
        terms.exchanges += 1
        terms.writes += write
        before = terms.latest_start if write else math.inf
        answer = self._send(target, Call(method, url, _outgoing(method, url, headers, content), content, write, before))
        terms.server_time = read_instant(answer.header("date")) or terms.server_time
        failure = terms.judge(replace(answer, secrets=(*terms.secrets, *_tokens(headers))), write)
        if failure:
            raise failure
        return answer

    def _send(self, target: Target, call: Call) -> Answer:
        answer = exchange(target, call, self.limits)
        rate = read_rate(answer)
        if rate:
            self.rates[target.origin] = rate
        return answer

    def _target(self, url: str, *, credentials: bool) -> Target:
        # Kept for a moment, so that the calls of one task meet one server; every new lookup is checked like the first.
        key = f"{credentials} {'/'.join(url.split('/', 3)[:3])}"
        target, until = self._pinned.get(key, (None, 0.0))
        if target is None or time.monotonic() > until:
            target = self.guard.check(url, credentials=credentials)
            self._pinned[key] = target, time.monotonic() + PINNED_SECONDS
        else:
            self.guard.check_form(url)
        return target


def read_public(egress: Egress, url: str, headers: Mapping[str, str]) -> Answer:
    """As `Egress.get`, for what strangers write; `Invalid` where it is larger than is read, and so at every try."""
    try:
        return egress.get(url, headers)
    except AnswerTooLarge as error:
        raise Invalid("url", error.detail) from None


def _written(url: str) -> str:
    """As a request writes an address: its host in punycode, and signs beyond ASCII by their bytes."""
    if len(url) > LONGEST_ADDRESS:
        raise EgressRefused("malformed")
    if url.isascii():
        return url
    try:
        scheme, host, *rest = urlsplit(url)
        host = in_ascii(host)
    except ValueError:
        raise EgressRefused("malformed") from None
    path, query, fragment = (FOREIGN.sub(lambda found: quote(found[0], errors="replace"), one) for one in rest)
    return urlunsplit((scheme, host, path, query, fragment))


def _follow(url: str, location: str) -> str:
    if len(location) > LONGEST_ADDRESS:
        raise EgressRefused("malformed")
    with suppress(UnicodeDecodeError):
        location = location.encode("latin-1").decode()  # signs beyond ASCII stand there as UTF-8, if at all
    try:
        return urljoin(url, location)
    except ValueError:
        raise EgressRefused("malformed") from None


def _tokens(headers: Headers) -> tuple[str, ...]:
    return tuple(value.rpartition(" ")[2] for name, value in headers if name.lower() == "authorization" and value)


def _outgoing(method: str, url: str, headers: Headers, content: bytes) -> Headers:
    """The headers that really leave: the host as the URL writes it, our name, and only encodings that we can cap."""
    kept = [(name, value) for name, value in headers if name.lower() not in HOP_HEADERS]
    if not any(name.lower() == "user-agent" for name, _ in kept):
        kept.append(("User-Agent", USER_AGENT))
    if content or method not in ("GET", "HEAD"):
        kept.append(("Content-Length", str(len(content))))
    return [("Host", urlsplit(url).netloc), *kept, ("Accept-Encoding", "gzip"), ("Connection", "close")]
