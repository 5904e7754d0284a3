"""What every test may rely on. Each folder adds its own."""

import os
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from django.utils import translation

from tests import passwords
from tests.environment import TEMPLATE
from tests.factories.sessions import use_factor
from tests.worker import a_worker_beside_the_pages, nobody_reads  # noqa: F401

_numbers = count()
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def signed_in_with_the_second_factor() -> Iterator[None]:
    """`client.force_login(person)` is a whole sign-in. What half of one is worth: `tests.factories.sessions`."""
    halfway = Client.force_login

    def force_login(self: Client, user: Any, backend: str | None = None) -> None:
        halfway(self, user, backend)
        session = self.session
        use_factor(session, user)
        session.save()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", force_login)
        yield


@pytest.fixture(scope="session")
def witnesses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("witnesses")


@pytest.fixture(scope="session", autouse=True)
def apart_from_what_runs_here(witnesses: Path) -> None:
    """What is set up for many tests counts before any of them begins: not in the witness of a Parvis that runs here."""
    settings.WITNESS = (witnesses / "witness").as_uri()


@pytest.fixture(autouse=True)
def apart_from_other_tests(witnesses: Path) -> Iterator[None]:
    """In the source language, for a page that was asked for in another one leaves its thread in it. And without a
    witness, for each test undoes what it counted in the database."""
    translation.deactivate()
    before, settings.WITNESS = settings.WITNESS, (witnesses / f"witness-{next(_numbers)}").as_uri()
    yield
    settings.WITNESS = before


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def recorded_data() -> Path:
    """Recorded answers of real networks, which lie beside the checkout; without them the test is skipped by name."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the recorded data are not beside this checkout (../shared/data)")
    return folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Before pytest-django makes this process's database: of the one that is already migrated, where there is one."""
    if template := os.environ.get(TEMPLATE):
        connection.settings_dict["TEST"]["TEMPLATE"] = template


# What migrations make. The other tables hold few rows in a test: these are deleted faster than files are truncated.
OF_THE_SCHEMA = {"django_content_type", "auth_permission", "django_migrations"}


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests() -> None:
    """Tests with real transactions empty every table after themselves: only there the audit trail's trigger rests."""
    truncate = DatabaseOperations.sql_flush

    def delete(self: DatabaseOperations, style: Any, tables: Iterable[str], **how: Any) -> list[str]:
        aside = "SET LOCAL session_replication_role = replica"
        if how.get("reset_sequences"):
            return [aside, *truncate(self, style, tables, **how)]
        gone = (f"DELETE FROM {self.quote_name(table)}" for table in sorted(set(tables) - OF_THE_SCHEMA))
        return ["; ".join([aside, *gone])]

    DatabaseOperations.sql_flush = delete
    flush.emit_post_migrate_signal = lambda *_args, **_facts: None


@pytest.fixture(scope="session", autouse=True)
def dropped_at_the_end(emptied_between_tests: None) -> None:
    """A server may take a moment to notice that a connection, which a test broke off, is gone: its database goes all
    the same."""

    def destroy(self: DatabaseCreation, name: str, _verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self._quote_name(name)} WITH (FORCE)")

    DatabaseCreation._destroy_test_db = destroy


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Hundreds of tests sign in. What a password costs in earnest, `tests/governance/test_settings.py` holds."""
    passwords.spend_nothing()
