"""Runs the tests that reach a broken function, in a forked child that carries the break in its memory."""

from __future__ import annotations

import ast
import builtins
import gc
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.making import ROOT, Mutant, broken

# What runs on without end has been noticed: seconds of a processor, and of a clock where one waits for another, beside
# many times what the test took by itself; and bytes.
MORE_WORK, MORE_WAIT, MANY, MOST_MEMORY = 10, 60, 10, 4 << 30
KILLED, SURVIVED = "killed", "survived"
CANNOT = 3  # a living function does not take this code: the module is loaded anew with it
STUCK = 4  # it could not be ended from inside: what it committed is still there


class RanOn(BaseException):
    """A test takes many times what it took on the code as it is. It ends like any that fails, and cleans up."""


class Runner:
    """Takes the place of pytest's own loop: the tests as they are first, then once more for each mutant."""

    def __init__(self, mutants: list[Mutant], tests: dict[str, list[str]], results: Path) -> None:
        self.mutants, self.tests, self.results = mutants, tests, results
        self.reached: dict[tuple[str, str], list[pytest.Item]] = {}
        self.took: dict[str, tuple[float, float]] = {}  # seconds of the clock, and of the processor
        self.red: list[str] = []
        self.outcomes: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = everyday(items, [name for names in self.tests.values() for name in names])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._as_they_are(session)
        if self.red:
            return True
        for at, mutant in enumerate(self.mutants, 1):
            outcome = self._outcome(session, mutant)
            self.outcomes[mutant.key] = outcome
            with self.results.open("a") as kept:
                kept.write(json.dumps({"key": mutant.key, "outcome": outcome, "of": mutant.of}) + "\n")
            print(f"{at}/{len(self.mutants)} {outcome}: {mutant}", flush=True)
        return True

    def _outcome(self, session: pytest.Session, mutant: Mutant) -> str:
        if (mutant.file, mutant.inside) not in self.reached:
            return self._cold(mutant)
        status = self._forked(session, mutant, broken(mutant))
        if status == CANNOT:
            return self._cold(mutant)
        return KILLED if status else SURVIVED

    def _as_they_are(self, session: pytest.Session) -> None:
        """Each test must pass on the code as it is; by the way it is noted which functions it reaches."""
        files = sorted({mutant.file for mutant in self.mutants})
        for file in files:
            swap(file, _noting(file))
        for item in session.items:
            builtins.__reached__ = set()  # type: ignore[attr-defined]
            began, worked = time.monotonic(), time.process_time()
            if not _passes(session, item):
                self.red.append(item.nodeid)
            self.took[item.nodeid] = time.monotonic() - began, time.process_time() - worked
            for where in builtins.__reached__:  # type: ignore[attr-defined]
                self.reached.setdefault(where, []).append(item)
        for file in files:
            whole = compile((ROOT / file).read_text(), str(ROOT / file), "exec")
            swap(file, whole)
            first = next((one for one in self.mutants if one.file == file and (file, one.inside) in self.reached), None)
            if first and self._forked(session, first, whole):
                self.red.append(f"{file}, in a child")

    def _forked(self, session: pytest.Session, mutant: Mutant, module: CodeType) -> int:
        """How a child ends that runs the tests on `module`: 0 where all pass."""
        from django.db import connections  # reason: not before pytest-django has read the settings

        files = tuple(self.tests[mutant.file])
        mine = [one for one in self.reached[mutant.file, mutant.inside] if one.nodeid.startswith(files)]
        items = sorted(mine, key=lambda item: self.took[item.nodeid])
        connections.close_all()
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
            self._live_and_die(session, mutant, module, items)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == STUCK or code < 0:
            _empty(session)
        return code

    def _live_and_die(
        self, session: pytest.Session, mutant: Mutant, module: CodeType, items: list[pytest.Item]
    ) -> None:
        """In the child: it must never come back into the parent's loop."""
        status = 1
        try:
            nowhere = os.open(os.devnull, os.O_RDWR)
            for one in (0, 1, 2):
                os.dup2(nowhere, one)
            swap(mutant.file, module, only=mutant.inside)
            status = int(not all(self._passes_in_time(session, item) for item in items))
        except ValueError:
            status = CANNOT
        finally:
            os._exit(status)

    def _passes_in_time(self, session: pytest.Session, item: pytest.Item) -> bool:
        waited, worked = self.took[item.nodeid]
        longest = MORE_WAIT + MANY * waited
        for what in (signal.SIGALRM, signal.SIGPROF):
            signal.signal(what, _run_on)
        signal.setitimer(signal.ITIMER_REAL, longest)
        signal.setitimer(signal.ITIMER_PROF, MORE_WORK + MANY * worked)
        last = threading.Timer(2 * longest, os._exit, (STUCK,))
        last.daemon = True
        last.start()
        try:
            return _passes(session, item)
        finally:
            last.cancel()

    def _cold(self, mutant: Mutant) -> str:
        words = ["-q", "-x", "--reuse-db", "-p", "tests.mutants.cold", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", *words, *self.tests[mutant.file]]
        told = {**os.environ, "MUTANT": mutant.key}
        done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, check=False)
        return SURVIVED if done.returncode == 0 else KILLED


def _run_on(_signal: int, _frame: object) -> None:
    for timer in (signal.ITIMER_REAL, signal.ITIMER_PROF):
        signal.setitimer(timer, 0)
    raise RanOn


def _empty(session: pytest.Session) -> None:
    """As a test with real transactions leaves the database."""
    from django.core.management import call_command  # reason: not before pytest-django has read the settings
    from pytest_django.plugin import blocking_manager_key  # reason: pytest rewrites a plugin that it loads first

    with session.config.stash[blocking_manager_key].unblock():
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)


def everyday(items: list[pytest.Item], names: list[str]) -> list[pytest.Item]:
    """Slow tests and those of faults are left out, but for those that stand among `names` by themselves."""

    def counts(item: pytest.Item) -> bool:
        return item.nodeid in names or not any(item.get_closest_marker(mark) for mark in ("slow", "faults"))

    return [item for item in items if counts(item)]


def _passes(session: pytest.Session, item: pytest.Item) -> bool:
    """What follows is the bare session, so that all but its own fixtures end with the test."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=session))  # type: ignore[arg-type]


def swap(file: str, module: CodeType, *, only: str = "") -> None:
    """Gives the living functions of `file` the code that `module` has for them. ValueError where one cannot take it."""
    codes = {(name, line): code for name, line, code in _functions(module) if not only or name == only}
    ours = [one for one in living(file) if (one.__code__.co_qualname, one.__code__.co_firstlineno) in codes]
    if not ours:
        raise ValueError(f"no living function of {file} is {only}")
    for one in ours:
        one.__code__ = codes[one.__code__.co_qualname, one.__code__.co_firstlineno]


@cache
def living(file: str) -> list[FunctionType]:
    """All functions of `file`, looked for once: a child has them from its parent."""
    gc.unfreeze()  # what tests/environment.py lets the collector pass over is not listed either
    return [
        one for one in gc.get_objects() if type(one) is FunctionType and one.__code__.co_filename == str(ROOT / file)
    ]


def _functions(code: CodeType) -> Iterator[tuple[str, int, CodeType]]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one.co_qualname, one.co_firstlineno, one
            if "<locals>" not in one.co_qualname:
                yield from _functions(one)


def _noting(file: str) -> CodeType:
    """The module, each of whose functions notes that it was called."""
    tree = ast.parse((ROOT / file).read_text())
    for node in [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)]:
        prefix, inner = ("", [node]) if isinstance(node, ast.FunctionDef) else (f"{node.name}.", node.body)
        for function in [one for one in inner if isinstance(one, ast.FunctionDef)]:
            noted = ast.parse(f"__reached__.add({(file, prefix + function.name)!r})").body
            function.body[:0] = [ast.copy_location(ast.fix_missing_locations(one), function.body[0]) for one in noted]
    return compile(ast.fix_missing_locations(tree), str(ROOT / file), "exec")
