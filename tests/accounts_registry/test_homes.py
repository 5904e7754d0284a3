"""Where a network lives, and as whom Parvis is known there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

from accounts_registry.queries import home_of, network_app
from networks.catalogue import NETWORKS
from networks.consent import App

ASK = (
    "import django; django.setup();"
    "from accounts_registry.queries import home_of, network_app;"
    "app = network_app('mastodon');"
    "print(app.client_id, app.client_secret, app.webhook_secret, app.token, app.number, home_of('mastodon'), repr(app))"
)


def test_every_network_lives_where_the_catalogue_says_and_knows_no_app_until_one_is_registered() -> None:
    for key, network in NETWORKS.items():
        assert home_of(key) == network.default_base_url.rstrip("/")
        assert network_app(key) == App()


@pytest.mark.slow
def test_the_environment_names_the_app_and_the_server(project_root: Path) -> None:
    given = {
        "PARVIS_APP_MASTODON_ID": "an-id",
        "PARVIS_APP_MASTODON_SECRET": "its-secret",
        "PARVIS_APP_MASTODON_WEBHOOK_SECRET": "its-hook",
        "PARVIS_APP_MASTODON_TOKEN": "its-token",
        "PARVIS_APP_MASTODON_NUMBER": "42",
        "PARVIS_SERVER_MASTODON": "https://social.example/",
    }
    environment = {**os.environ, "PARVIS_MODE": "test", "DJANGO_SETTINGS_MODULE": "governance.settings", **given}
    told = subprocess.run(
        [sys.executable, "-c", ASK], cwd=project_root, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert told.startswith("an-id its-secret its-hook its-token 42 https://social.example App(")
    for secret in ("its-secret", "its-hook", "its-token"):
        assert told.count(secret) == 1, "the secret shows in the app's repr"


@override_settings(NETWORK_APPS={}, NETWORK_SERVERS={"mastodon": "https://social.example/"})
def test_a_network_that_the_settings_do_not_know_is_nobody_there() -> None:
    assert network_app("mastodon") == App()
    assert home_of("mastodon") == "https://social.example"
