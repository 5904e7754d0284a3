"""Clients of the training network, as our connectors make them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from mastodon import Mastodon

from tests.simulator.fixture import Control, simulator, simulator_server

__all__ = ["simulator", "simulator_server"]


@pytest.fixture
def client(simulator: Control) -> Callable[..., Mastodon]:
    """`client("finances")` acts as that person, who is made on first use."""

    def make(handle: str, *, timeout: float = 10) -> Mastodon:
        return Mastodon(
            access_token=simulator.person(handle),
            api_base_url=simulator.url,
            request_timeout=timeout,
            ratelimit_method="throw",
            mastodon_version="4.6.4",
            version_check_mode="created",
        )

    return make
