"""Which parts of a test are a worker's. Everything is, but for what a page does: a page opens no credentials."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
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


@pytest.fixture(autouse=True)
def a_worker_beside_the_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tests may open credentials, as a worker does; while the test client asks for a page, nobody may.

    What a page waits for is done at once. All other knocks find nobody: tests call those actions themselves.
    """
    from accounts_registry import tasks
    from accounts_registry.actions import answer_lookups, waking

    answer = ClientHandler.__call__

    def behind_a_shut_door(self: ClientHandler, environ: Any) -> Any:
        with door(is_open=False):
            return answer(self, environ)

    def knock(task: str) -> None:
        if task == tasks.answer_lookups.name:
            with door(is_open=True):
                answer_lookups()

    monkeypatch.setattr(ClientHandler, "__call__", behind_a_shut_door)
    monkeypatch.setattr(waking, "wake", knock)
    with door(is_open=True):
        yield
