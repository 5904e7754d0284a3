"""Mentions on a server without an AppView: read from its stream of commits.

Source: the AT Protocol's event stream (`com.atproto.sync.subscribeRepos`): frames of two DAG-CBOR values, a header and
a body; a commit carries its records as a CAR file.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from atproto_core.car import CAR
from atproto_core.cbor import decode_dag_multi
from atproto_core.cid import CID
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from networks.answers import parts_of
from networks.bluesky.reading import kind_for, read_instant
from networks.bluesky.records import COLLECTION
from networks.calls import each_readable
from networks.egress import Egress
from networks.egress.exchange import tls_context
from networks.errors import Unavailable
from networks.types import Kind

IDLE = 1.0  # seconds without an event: the stream has caught up
LONGEST = 20.0
MOST_EVENTS = 500
MOST_AUTHORS = 50  # who each of them is takes a call


@dataclass(frozen=True, slots=True)
class Heard:
    """A post about us, as the stream told it; `at` is the server's time."""

    uri: str
    cid: str
    did: str
    kind: Kind
    record: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Catch:
    """What one listening gave, oldest first, and the number of the last event."""

    heard: tuple[Heard, ...]
    cursor: int


class CursorAhead(Exception):
    """The server has not come as far as our cursor: it was set up anew."""


def listen(egress: Egress, base_url: str, did: str, cursor: int) -> Catch:
    """Posts about `did` after `cursor`, until the stream is idle or has given enough; the next call goes on."""
    try:
        return _listen(egress, base_url, did, cursor)
    except CursorAhead:
        return _listen(egress, base_url, did, 0)


def _listen(egress: Egress, base_url: str, did: str, cursor: int) -> Catch:
    heard: list[Heard] = []
    try:
        with _open(egress, base_url, cursor) as stream:
            for body in _events(stream):
                cursor = max(cursor, _number(body))
                gone = _taken_back(body)
                heard = [*(post for post in heard if post.uri not in gone), *_readable(body, did)]
                if len({post.did for post in heard}) >= MOST_AUTHORS:
                    break
    except (WebSocketException, OSError) as error:
        words = type(error).__name__
    else:
        return Catch(tuple(heard), cursor)
    raise Unavailable(words)


def _open(egress: Egress, base_url: str, cursor: int) -> ClientConnection:
    parts = urlsplit(base_url)
    secure = parts.scheme == "https"
    url = f"{'wss' if secure else 'ws'}://{parts.netloc}/xrpc/com.atproto.sync.subscribeRepos?cursor={cursor}"
    socket = egress.connect(url)
    try:
        return connect(
            url,
            sock=socket,
            ssl=tls_context() if secure else None,
            server_hostname=parts.hostname if secure else None,
            proxy=None,
            compression=None,
            open_timeout=egress.limits.seconds,
            close_timeout=1,
            max_size=egress.limits.max_bytes,
        )
    except BaseException:
        socket.close()
        raise


def _events(stream: ClientConnection) -> Iterator[Mapping[str, Any]]:
    """The bodies of commits and their like, up to the limits."""
    end = time.monotonic() + LONGEST
    for _ in range(MOST_EVENTS):
        try:
            frame = stream.recv(timeout=min(IDLE, max(0.0, end - time.monotonic())))
        except TimeoutError:
            return
        try:
            header, body = decode_dag_multi(frame)[:2]
        except (ValueError, TypeError):
            continue
        if not isinstance(header, Mapping) or not isinstance(body, Mapping):
            continue
        if header.get("op") == -1:
            if body.get("error") == "FutureCursor":
                raise CursorAhead
            return
        yield body


def _number(body: Mapping[str, Any]) -> int:
    seq = body.get("seq")
    return seq if isinstance(seq, int) else 0


def _taken_back(body: Mapping[str, Any]) -> set[str]:
    """Addresses of what this commit deletes."""
    deleted = (op for op in parts_of(body, "ops") if op.get("action") == "delete")
    return {f"at://{body.get('repo', '')}/{op.get('path', '')}" for op in deleted}


def _readable(body: Mapping[str, Any], did: str) -> Iterator[Heard]:
    """A commit too big to travel whole, or misshapen by its author, is left out; the stream goes on behind it."""
    for about in each_readable([body], lambda one: list(_about(one, did))):
        yield from about


def _about(body: Mapping[str, Any], did: str) -> Iterator[Heard]:
    """The new posts in a commit that mention, answer or quote `did`; in one of its own, its answers."""
    author = str(body.get("repo", ""))
    created = [
        op
        for op in body.get("ops") or ()
        if op.get("action") == "create" and str(op.get("path", "")).startswith(f"{COLLECTION}/") and op.get("cid")
    ]
    if not created:
        return
    blocks = CAR.from_bytes(body["blocks"]).blocks
    at = read_instant(str(body["time"]))

    def read(op: Mapping[str, Any]) -> Heard | None:
        cid = CID.from_decoded_bytes(op["cid"])
        record = blocks.get(cid)
        kind = _kind(record, did, is_own=author == did) if record else None
        return Heard(f"at://{author}/{op['path']}", str(cid), author, kind, record, at) if record and kind else None

    for heard in each_readable(created, read):
        if heard:
            yield heard


def _kind(record: Mapping[str, Any], did: str, *, is_own: bool) -> Kind | None:
    if is_own:
        return Kind.ANSWER if record.get("reply") else None
    return kind_for(record, did)
