"""What strangers sent is read in processes of their own, which may be killed: never in the one that asks.

Each has so much memory, and for each reading so much time of the processor and of the clock. It answers with plain data
and bytes, never with an object of its own. The children are forked from a server that has no thread, no connection and
all code read (`preload`).
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import BoundedSemaphore
from typing import Any

from networks.errors import Invalid, Unavailable

Told = dict[str, Any]
# What a child does with what it was given; plain data and bytes come back.
Work = Callable[..., tuple[Told, bytes]]

MEANWHILE = 2.0  # seconds
_start = multiprocessing.get_context("forkserver")
_preloaded = ["networks.feed.reading", "networks.webpage.reading", "networks.webpage.card"]
_start.set_forkserver_preload(_preloaded)


def preload(module: str) -> None:
    """Has the server that children are forked from read `module` too; without effect once there is one."""
    _preloaded.append(module)
    _start.set_forkserver_preload(_preloaded)


class Busy(Exception):
    """Others are being read, and went on being read for as long as one waits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory` and `answer` in bytes (of addresses, what Python takes among it); `processor` and `patience` in seconds,
    of the processor and of the clock, for each reading. A child does `readings` and is then replaced."""

    memory: int
    processor: int
    patience: float
    answer: int
    readings: int = 1


@dataclass(slots=True)
class _Reader:
    """One child, and our end of the line to it."""

    process: BaseProcess
    line: Connection
    left: int

    @classmethod
    def started(cls, limits: Limits) -> _Reader:
        line, end = _start.Pipe()
        process = _start.Process(target=_serve, args=(end, limits), daemon=True)
        process.start()
        end.close()
        return cls(process, line, limits.readings)

    def end(self) -> None:
        self.line.close()
        self.process.kill()
        self.process.join()
        self.process.close()


@dataclass(slots=True)
class Readers:
    """So many children `at_once` in this process; who comes later waits `wait` seconds for a turn."""

    limits: Limits
    at_once: int
    wait: float
    turns: BoundedSemaphore = field(init=False)
    _idle: list[_Reader] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.turns = BoundedSemaphore(self.at_once)

    def ask(
        self, work: Work, *given: Any, size: int = 0, meanwhile: Callable[[], object] | None = None
    ) -> tuple[Told, bytes] | None:
        """What `work` makes of `given`; None where the child did not answer, whatever ended it.

        `Busy` where no turn came. The child writes no file larger than `size` bytes. `meanwhile` is called every few
        seconds while it works; what that raises ends the child.
        """
        if not self.turns.acquire(timeout=self.wait):
            raise Busy
        try:
            return self._ask(work, given, size, meanwhile or (lambda: None))
        finally:
            self.turns.release()

    def _ask(
        self, work: Work, given: tuple[Any, ...], size: int, meanwhile: Callable[[], object]
    ) -> tuple[Told, bytes] | None:
        reader = self._ready()
        answer = None
        try:
            reader.line.send((work, given, size))
            if self._has_answered(reader.line, meanwhile):
                told = json.loads(reader.line.recv_bytes(self.limits.answer))
                answer = told, reader.line.recv_bytes(self.limits.answer)
        except (EOFError, OSError):
            return None
        finally:
            reader.left -= 1
            if answer is None or not reader.left:
                reader.end()
            else:
                self._idle.append(reader)
        return answer

    def _has_answered(self, line: Connection, meanwhile: Callable[[], object]) -> bool:
        ends = time.monotonic() + self.limits.patience
        while (left := ends - time.monotonic()) > 0:
            if line.poll(min(left, MEANWHILE)):
                return True
            meanwhile()
        return False

    def _ready(self) -> _Reader:
        """One that is left from before and still lives, else a new one."""
        with contextlib.suppress(IndexError):  # others take from the same heap
            while reader := self._idle.pop():
                if reader.process.is_alive():
                    return reader
                reader.end()
        return _Reader.started(self.limits)


def _serve(line: Connection, limits: Limits) -> None:
    """In the child: binds itself before it looks at anything."""
    _bind(resource.RLIMIT_AS, limits.memory)
    _bind(resource.RLIMIT_CORE, 0)
    for _reading in range(limits.readings):
        try:
            work, given, size = line.recv()
        except EOFError:
            return  # whoever asked is gone
        _bind(resource.RLIMIT_FSIZE, size)
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime) + 1  # the system counts whole seconds
        _bind(resource.RLIMIT_CPU, spent + limits.processor, (1 + limits.processor) * limits.readings)
        told, content = work(*given)
        line.send_bytes(json.dumps(told).encode())
        line.send_bytes(content)


def _bind(what: int, most: int, ever: int | None = None) -> None:
    """To `most` for now, and to no more than `ever` later on."""
    ever = most if ever is None else ever
    with contextlib.suppress(ValueError, OSError):  # a system that does not know it
        resource.setrlimit(what, (min(most, ever), ever))


# ---- Feeds and pages ------------------------------------------------------------------------------------------------
# A child is kept for many: what a reading costs is the reading, and not the start of a process.
strangers = Readers(
    Limits(memory=1 << 30, processor=20, patience=40, answer=32 << 20, readings=200), at_once=2, wait=60
)


def read(work: Callable[..., Told], *given: Any) -> Told:
    """What `work` makes of a stranger's words, in another process. `Invalid` as it raises it, or where it never ends;
    `Unavailable` where no turn came."""
    try:
        answer = strangers.ask(_judged, work, given)
    except Busy:
        raise Unavailable("others are being read") from None
    if answer is None:
        raise Invalid("url", "asks for far more work than its size needs")
    told, _none = answer
    if "refused" in told:
        raise Invalid(str(told["refused"]), str(told["detail"]))
    return told


def _judged(work: Callable[..., Told], given: tuple[Any, ...]) -> tuple[Told, bytes]:
    try:
        return work(*given), b""
    except Invalid as refusal:
        return {"refused": refusal.field, "detail": refusal.detail}, b""
