"""Settings come from the environment, and say loudly what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WHOLE = {
    "PARVIS_MODE": "production",
    "PARVIS_SECRET_KEY": "5s8kq2w9e4r7t1y6u3i0o-p_a5s8d2f7g4h1j6k9l3z0x8c5v2b7n4m1",
    "PARVIS_VAULT_KEYS": "first:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "PARVIS_HOSTS": "parvis.example",
    "DATABASE_URL": "postgres:///parvis",
}


def checked(**environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` with nothing in the environment but this."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, cwd=ROOT, env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True, check=False
    )


def test_a_whole_production_environment_is_clean():
    done = checked(**WHOLE)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["PARVIS_SECRET_KEY", "PARVIS_VAULT_KEYS"])
def test_a_missing_secret_stops_the_start_with_its_name(missing: str):
    done = checked(**{name: value for name, value in WHOLE.items() if name != missing})
    assert done.returncode != 0
    assert f"{missing} is not set" in done.stderr


def test_production_is_what_is_meant_when_nothing_is_said():
    done = checked(**{name: value for name, value in WHOLE.items() if name not in ("PARVIS_MODE", "PARVIS_SECRET_KEY")})
    assert "PARVIS_SECRET_KEY is not set" in done.stderr


def test_a_mode_that_does_not_exist_is_refused():
    assert "PARVIS_MODE is" in checked(**{**WHOLE, "PARVIS_MODE": "staging"}).stderr
