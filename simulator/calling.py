"""The square calls the apps that subscribed: what its networks tell unasked, signed as each of them signs."""

from __future__ import annotations

import ipaddress
import json
import queue
import threading
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from simulator.dialects import by_network
from simulator.hooks import Event, Happening, Hook
from simulator.routing import Dialect, Simulator
from simulator.store import hooks, people, posts
from simulator.store.database import now_ms
from simulator.store.posts import Post

WAITING = 2_000  # calls; what comes while so many wait is not told, as real networks drop what piles up
SECONDS = 5.0


class AddressRefused(ValueError):
    """Only an http or https address is called, and without leave only one on this very machine."""


def callable_address(url: str, *, anywhere: bool) -> str:
    """`url`, where the square may call it; AddressRefused where it may not."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefused(str(error)) from error
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise AddressRefused("an http or https address is needed")
    if not anywhere and not _is_here(host):
        raise AddressRefused("the square only calls this machine, unless it was started with --hooks-anywhere")
    return url


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class _Call:
    identifier: int  # of the subscription
    hook: Hook = field(repr=False)
    event: Event


class Caller:
    """Listens to the store and calls in a thread of its own, one call after the other, in the order of what happened.

    Each call is made once: no retries, no redirects, `SECONDS` at most. `wait` is for whoever needs to know that
    everything has been told.
    """

    def __init__(self, simulator: Simulator, *, anywhere: bool = False) -> None:
        self._simulator = simulator
        self._anywhere = anywhere
        self._waiting: queue.Queue[_Call | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._work, name="hooks", daemon=True)
        simulator.db.listeners.append(self._hear)
        self._thread.start()

    def end(self) -> None:
        """Stop listening, and leave what still waits."""
        self._simulator.db.listeners.remove(self._hear)
        while not self._waiting.empty():
            try:
                self._waiting.get_nowait()
                self._waiting.task_done()
            except queue.Empty:
                break
        self._waiting.put(None)
        self._thread.join(SECONDS + 1)

    def wait(self) -> None:
        """Until everything that happened so far has been told."""
        self._waiting.join()

    def _hear(self, happening: str, post: Post) -> None:
        subscribed = hooks.of_network(self._simulator.db, post.network)
        author = people.by_id(self._simulator.db, post.person_id) if subscribed else None
        if author is None:
            return
        concerned = _concerned(self._simulator, post)
        for identifier, hook in subscribed:
            person = people.by_id(self._simulator.db, hook.person_id)
            if person and person.id in concerned:
                event = Event(Happening(happening), post, author, person, now_ms())
                self._queue(_Call(identifier, hook, event))

    def _queue(self, call: _Call) -> None:
        try:
            self._waiting.put_nowait(call)
        except queue.Full:
            self._note(call, 0, "too many calls are waiting", 0)

    def _work(self) -> None:
        while (call := self._waiting.get()) is not None:
            try:
                self._make(call)
            except Exception as error:
                self._note(call, 0, type(error).__name__, 0)
            finally:
                self._waiting.task_done()
        self._waiting.task_done()

    def _make(self, call: _Call) -> None:
        dialect = by_network(call.hook.network)
        if not dialect or not hooks.stands(self._simulator.db, call.hook.network, call.identifier):
            return
        outgoing = dialect.tell(self._simulator, call.event, call.hook) if dialect.tell else None
        if outgoing is None:
            return
        body = json.dumps(outgoing.payload, ensure_ascii=False, separators=(",", ":")).encode()
        started = now_ms()
        status, problem = self._post(call.hook, body, _headers(dialect, call.hook, body))
        self._note(call, status, problem, now_ms() - started)

    def _post(self, hook: Hook, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        try:
            parts = urlsplit(callable_address(hook.url, anywhere=self._anywhere))
        except AddressRefused as refusal:
            return 0, str(refusal)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with closing(kind(parts.hostname or "", parts.port, timeout=SECONDS)) as connection:
            try:
                connection.request("POST", target, body, headers)
                return connection.getresponse().status, ""
            except (OSError, HTTPException) as error:
                return 0, type(error).__name__

    def _note(self, call: _Call, status: int, problem: str, took_ms: int) -> None:
        event, hook = call.event, call.hook
        told = hooks.Told(
            event.at_ms, hook.network, event.person.handle, event.happening, event.post.id, hook.url, status, problem,
            took_ms,
        )  # fmt: skip
        hooks.write(self._simulator.db, told)


def _headers(dialect: Dialect, hook: Hook, body: bytes) -> dict[str, str]:
    proof = dialect.sign(hook, body) if dialect.sign else {}
    return {"Content-Type": "application/json", "User-Agent": dialect.name, **proof}


def _concerned(simulator: Simulator, post: Post) -> set[int]:
    """Whom a post names, answers, or stands below; never its own author."""
    above = posts.ancestors(simulator.db, post, post.person_id)
    named = {*posts.mentioned_ids(simulator.db, post), post.reply_to_person or 0, *(one.person_id for one in above)}
    return named - {post.person_id, 0}
