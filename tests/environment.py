"""Stands before every other pytest plugin: the tests' mode, and a PostgreSQL where the environment names none.

Loaded by `-p tests.environment` in pyproject.toml, since pytest-django reads the settings before any conftest is read.
The session's first process starts the server; the processes of pytest-xdist inherit its DATABASE_URL. While they
collect, the server's own database is migrated, once for all of them, and each takes a copy (`TEMPLATE`).
"""

import gc
import os
import subprocess
import sys
from contextlib import ExitStack

import pytest

os.environ["PARVIS_MODE"] = "test"
os.environ["PARVIS_LANGUAGE"] = "en"  # tests read the source sentences
TEMPLATE = "PARVIS_TEST_TEMPLATE"  # the environment's name for the database that is copied
# What a migration makes of the models is kept to the last: looking for what is gone is a sixth of the time.
MIGRATE = """
import gc
gc.disable()
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "migrate", "--run-syncdb", "--verbosity=0"])
"""
_until_the_end = ExitStack()
_has_own_server = not os.environ.get("DATABASE_URL")
_migrating = pytest.StashKey[subprocess.Popen[str]]()

sys.dont_write_bytecode = False  # pytest rewrites assertions: once after a change, not in each process at each start
gc.disable()  # modules and collected tests stay: looking through them finds next to nothing that is gone

if _has_own_server:
    from launcher.throwaway_postgres import throwaway

    os.environ["DATABASE_URL"] = _until_the_end.enter_context(throwaway()).url()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Where several processes will need the same tables, one makes them."""
    if not (_has_own_server and config.getoption("numprocesses", None)) or config.option.collectonly:
        return
    from launcher.embedded_postgres import ROLE

    command = [sys.executable, "-c", MIGRATE]
    migrating = subprocess.Popen(
        command,
        cwd=config.rootpath,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "governance.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    _until_the_end.enter_context(migrating)
    _until_the_end.callback(migrating.kill)
    config.stash[_migrating] = migrating
    os.environ[TEMPLATE] = ROLE  # Parvis's database has its role's name


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """From here on tests leave things behind, and those alone are looked through."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)  # most of it goes by itself: seven hundred things is too few to look through
    gc.enable()
    if migrating := session.config.stash.get(_migrating, None):
        said, _ = migrating.communicate()
        if migrating.returncode:
            pytest.exit(f"The tables could not be made:\n{said}", migrating.returncode)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _until_the_end.close()
