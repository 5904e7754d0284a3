"""Which parts of a test are a worker's. Everything is, but for what a page does: a page opens no credentials."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.client import ClientHandler

from accounts_registry import vault


@contextmanager
def door(*, is_open: bool) -> Iterator[None]:
    """This process as a worker, or as no worker."""
    before = vault._Door.is_open
    vault._Door.is_open = is_open
    try:
        yield
    finally:
        vault._Door.is_open = before


@pytest.fixture
def nobody_reads() -> None:
    """Files that people send wait: the test reads them itself."""


@pytest.fixture(autouse=True)
def a_worker_beside_the_pages(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests may open credentials, as a worker does; while the test client asks for a page, nobody may.

    What a page waits for is done at once, and files that were sent are looked at as soon as the page is there, unless
    the test asked for `nobody_reads`. All other knocks find nobody: tests call those actions themselves.
    """
    from accounts_registry import tasks
    from accounts_registry.actions import answer_lookups, waking
    from publishing.actions import read_uploads, receiving

    answer, reads = ClientHandler.__call__, "nobody_reads" not in request.fixturenames

    def behind_a_shut_door(self: ClientHandler, environ: Any) -> Any:
        with door(is_open=False):
            answered = answer(self, environ)
        # A test's own transaction never commits: what is to happen then is asked for by name.
        if reads and any(hook[1] is receiving.wake_readers for hook in connection.run_on_commit):
            connection.run_on_commit = [one for one in connection.run_on_commit if one[1] is not receiving.wake_readers]
            read_uploads(seconds=60)
        return answered

    def knock(task: str) -> None:
        if task == receiving.READ_UPLOADS and reads:
            with door(is_open=True):
                read_uploads(seconds=60)
        if task == tasks.answer_lookups.name:
            with door(is_open=True):
                answer_lookups(seconds=60)

    before = answer, waking.wake
    ClientHandler.__call__, waking.wake = behind_a_shut_door, knock
    try:
        with door(is_open=True):
            yield
    finally:
        ClientHandler.__call__, waking.wake = before
