"""Stands before every other pytest plugin: the tests' mode, and a PostgreSQL where the environment names none.

Loaded by `-p tests.environment` in pyproject.toml, since pytest-django reads the settings before any conftest is read.
The session's first process starts the server; the processes of pytest-xdist inherit its DATABASE_URL.
"""

import os
from contextlib import ExitStack

import pytest

os.environ["PARVIS_MODE"] = "test"
os.environ["PARVIS_LANGUAGE"] = "en"  # tests read the source sentences
_until_the_end = ExitStack()

if not os.environ.get("DATABASE_URL"):
    from launcher.throwaway_postgres import throwaway

    os.environ["DATABASE_URL"] = _until_the_end.enter_context(throwaway()).url()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _until_the_end.close()
