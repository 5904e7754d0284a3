"""The demonstration as its people meet it; the README's picture is made here (PARVIS_PICTURES=1 keeps it)."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from conversations.models import Conversation
from delivery.enums import DeliveryState
from delivery.models import Delivery, Hold
from monitoring.actions.pulling import pull_what_is_due
from monitoring.models import Entry
from networks.catalogue import NETWORKS
from organisation.models import Person
from publishing.queries.approvers import moved_for
from tests.simulator.fixture import Control, kept_key, simulator, simulator_server  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"

PAGES = {
    "today": ("writer.nl", "/"),
    "calendar": ("writer.fr", "/calendar/"),
    "post": ("writer.fr", "/posts/approvals/"),
    "sources": ("conversations.fr", "/inbox/sources/"),
    "entries": ("conversations.fr", "/inbox/entries/"),
    "inbox": ("conversations.de", "/inbox/"),
    "registry": ("accounts", "/registry/"),
    "dossiers": ("chair", "/registry/dossiers/"),
    "crisis": ("crisis", "/crisis/"),
    "audit": ("auditor", "/organisation/audit/"),
}


@pytest.fixture
def demonstration(simulator: Control, settings, tmp_path) -> Path:  # noqa: F811
    settings.SIMULATOR_URL, settings.SIMULATOR_KEY_FILE = simulator.url, kept_key(tmp_path)
    settings.NETWORK_SERVERS = dict.fromkeys(NETWORKS, simulator.url)
    settings.EGRESS_ALLOW = frozenset({simulator.host})
    settings.PEOPLE_FILE = tmp_path / "people.json"
    call_command("load_demonstration")
    return settings.PEOPLE_FILE


def test_it_is_whole_and_shows_itself(demonstration: Path, page, axe, shoot, signed_in):
    people = json.loads(demonstration.read_text())
    assert len({one["role"] for one in people}) == 11, "somebody in every role that the demonstration tells of"
    assert demonstration.stat().st_mode & 0o777 == 0o600
    assert not Hold.objects.in_force().exists(), "the loader thaws its own, on record"
    assert Delivery.objects.filter(state=DeliveryState.DUE).count() >= 20
    assert not moved_for(Person.objects.get(email__startswith="writer.nl@")).exists(), "history was moved by nobody"
    pull_what_is_due(seconds=60)
    assert Conversation.objects.count() >= 60
    assert Entry.objects.filter(source__network="feed").count() >= 2
    assert Entry.objects.filter(source__network="webpage").exists()
    for name, (who, url) in PAGES.items():
        signed_in(page, Person.objects.get(email__startswith=f"{who}@"))
        assert page.goto(url).ok
        axe(page)
        picture = shoot(page, f"demonstration_{name}")
        if os.environ.get("PARVIS_PICTURES") == "1" and name == "calendar":
            PICTURES.mkdir(exist_ok=True)
            shutil.copy(picture, PICTURES / f"{name}.png")


def test_a_second_load_changes_nothing(demonstration: Path, capsys):
    before = demonstration.read_text()
    call_command("load_demonstration")
    assert "nothing was changed" in capsys.readouterr().out
    assert demonstration.read_text() == before
