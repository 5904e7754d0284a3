"""Out of the box, every network of the demonstration can be connected: Parvis is registered at the training network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts_registry.queries import consent_offered, listening_networks
from networks.catalogue import NETWORKS
from tests.accounts_registry.conftest import House, house
from tests.accounts_registry.walking import Walk, simulator, simulator_server, walk
from tests.factories.accounts_registry import AccountFactory
from tests.simulator.fixture import kept_key

__all__ = ["house", "simulator", "simulator_server", "walk"]

pytestmark = pytest.mark.django_db
CONSENTING = [key for key, network in NETWORKS.items() if network.consent]
ORIGIN, NOBODY = "http://testserver", "http://127.0.0.1:9"


@pytest.fixture
def entered(walk: Walk, settings: Settings, tmp_path: Path) -> Path:
    """The file that registering left, with its words in force as after the next start."""
    settings.APPS_FILE = tmp_path / "apps.json"
    settings.SIMULATOR_URL, settings.CSRF_TRUSTED_ORIGINS, settings.PUBLIC_URL = walk.simulator.url, [ORIGIN], NOBODY
    settings.SIMULATOR_KEY_FILE = kept_key(tmp_path)
    call_command("enter_training_network")
    settings.NETWORK_APPS = json.loads(settings.APPS_FILE.read_text())
    return tmp_path / "apps.json"


@pytest.mark.slow
@pytest.mark.parametrize("key", CONSENTING)
def test_an_account_of_every_network_connects(entered: Path, walk: Walk, house: House, key: str) -> None:
    assert consent_offered(key)
    walk.simulator.person("finances", "SPF Finances", kind="organisation")
    account = AccountFactory.create(
        unit=house.unit, network=key, handle="finances", base_url=walk.simulator.url, remote_id=""
    )
    walk.back(walk.agree(walk.begin(account)))
    account.refresh_from_db()
    assert account.connection_state == "connected"


def test_networks_are_asked_to_call_the_demonstration(entered: Path) -> None:
    assert set(listening_networks()) == {key for key, network in NETWORKS.items() if network.subscriptions}


def test_networks_of_one_family_know_one_app(entered: Path) -> None:
    known = json.loads(entered.read_text())
    ids = {NETWORKS[key].consent_family or key: app["client_id"] for key, app in known.items()}
    assert {app["client_id"] for app in known.values()} == set(ids.values())


def test_what_it_leaves_is_for_its_user_alone(entered: Path) -> None:
    assert entered.stat().st_mode & 0o777 == 0o600


def test_production_registers_by_hand(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("enter_training_network")
