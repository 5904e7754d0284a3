"""Credentials are opened by workers alone: by the code that says so, and by the processes that run."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from accounts_registry import vault
from accounts_registry.queries import account_ref, connector_for
from tests.architecture.test_sizes import FILES
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.worker import door

# What opens, and the only modules of the house that may name it.
OPENERS = {
    "open_in_this_process": {"governance/celery.py", "accounts_registry/vault.py"},
    "unseal": {
        "accounts_registry/vault.py",
        "accounts_registry/queries/connection.py",
        "accounts_registry/actions/revoking.py",
    },
    "unseal_kept": {"accounts_registry/vault.py", "accounts_registry/actions/consenting.py"},
}
# What acts with opened credentials. No page, form or address of the API may name it.
ACTING = {
    "account_ref",
    "connector_for",
    "keep_fresh",
    "answer_lookups",
    "renew_due",
    "revoke_pending",
    "subscribe_due",
}
OF_PAGES = {"views", "api", "forms", "serializers", "context", "middleware", "templatetags"}


def named(path: Path) -> set[str]:
    """Every name that a module uses or imports."""
    tree = ast.parse(path.read_text())
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names |= {alias.name for node in imports for alias in node.names}
    return names | {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def places(project_root: Path) -> dict[str, set[str]]:
    found = {str(path.relative_to(project_root)): path for path in FILES}
    return {place: named(path) for place, path in found.items() if not place.startswith(("tests/", "simulator/"))}


@pytest.mark.slow
def test_only_these_modules_open(project_root: Path) -> None:
    known = places(project_root)
    for name, may in OPENERS.items():
        assert {place for place, names in known.items() if name in names} <= may, name


@pytest.mark.slow
def test_no_page_acts_as_an_account(project_root: Path) -> None:
    pages = {
        place: names
        for place, names in places(project_root).items()
        if OF_PAGES & set(Path(place).with_suffix("").parts)
    }
    assert len(pages) > 30
    assert {place: names & ACTING for place, names in pages.items() if names & ACTING} == {}


@pytest.mark.django_db
def test_a_web_process_cannot() -> None:
    account = ConnectedAccountFactory.create()
    assert account_ref(account).credentials
    with door(is_open=False):
        for opens in (account_ref, connector_for):
            with pytest.raises(vault.Shut):
                opens(account)


ASK = "from accounts_registry import vault; row = b'credential:1'; vault.unseal(vault.seal('a secret', row), row)"
WEB = "import governance.wsgi; "
WORKER = "from celery.signals import worker_init; from governance.celery import app; worker_init.send(sender=None); "


@pytest.mark.slow
@pytest.mark.parametrize(
    ("process", "opens"), [(WEB, False), (WORKER, True), ("import django; django.setup(); ", False)]
)
def test_what_a_real_process_may(project_root: Path, process: str, opens: bool) -> None:
    """gunicorn imports governance.wsgi; Celery tells its workers that they are some."""
    code = f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'governance.settings'; {process}{ASK}"
    ended = subprocess.run([sys.executable, "-c", code], cwd=project_root, capture_output=True, text=True, check=False)
    assert (ended.returncode == 0) is opens, ended.stderr
    assert ("Shut" in ended.stderr) is not opens
    assert "a secret" not in ended.stderr.replace("vault.seal('a secret'", "")
