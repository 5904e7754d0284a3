"""A provider of sign-ins, and somebody whom it knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from governance.oidc import exchange
from organisation.actions import link_identity
from organisation.models import Person
from organisation.provider import Told
from tests.factories.organisation import UnitFactory, person_with
from tests.governance.lying_provider import SUBJECT, LyingProvider, running


@pytest.fixture(scope="module")
def server() -> Iterator[LyingProvider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(server: LyingProvider, settings: Any) -> LyingProvider:
    """Honest, and known to the settings; its addresses are not trusted."""
    port = urlsplit(server.issuer).port or 0
    server.__init__(port)  # type: ignore[misc]
    settings.PROVIDER = server.settings()
    exchange.forget()
    return server


@pytest.fixture
def linked(provider: LyingProvider) -> Person:
    """Linked to the provider's subject."""
    one = person_with("newcomer", UnitFactory.create())
    link_identity(told=Told(provider.issuer, SUBJECT), by=one)
    return one
