"""The one path that everything hangs on, in a real browser, with a real worker process, on a real network."""

from __future__ import annotations

import pytest

from tests.browser.path import registry
from tests.browser.path.cast import Cast
from tests.simulator.fixture import Simulator, simulator, simulator_server  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(browser, live):
    made = Cast.assemble(browser, live)
    yield made
    made.leave()


def test_the_whole_story_on_the_training_network(cast: Cast, simulator: Simulator, settings):  # noqa: F811
    settings.EGRESS_ALLOW = frozenset({simulator.host})
    token = simulator.person("taxhelp", "Tax help", kind="organisation")
    dossier = registry.ask_for_account(cast, network="Mastodon", handle="taxhelp")
    registry.approve_in_committee(cast, dossier)
    registry.connect(cast, dossier, server=simulator.url, fields={"Access token": token})
