"""Whatever reads as an account counts what that costs: a verb that returns messages or people stands beside a count."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from networks.catalogue import NETWORKS

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["notices", "accounts_registry", "approvals", "delivery", "monitoring", "publishing", "conversations", "crisis"]
ROOMS += ["governance"]
READING = {"identify", "fetch", "locate", "inbox", "search", "reconcile", "metrics"}
# What is read there stands behind no account, and no network that takes money can be read so.
SOURCES = {"monitoring/actions/reading.py", "monitoring/actions/sources.py"}


def _calls(tree: ast.AST) -> set[str]:
    """Methods called on anything but a pattern (by custom in capitals, or the module `re`), and functions."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            receiver = node.func.value
            if not (isinstance(receiver, ast.Name) and (receiver.id.isupper() or receiver.id == "re")):
                found.add(node.func.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.add(node.func.id)
    return found


@pytest.mark.slow
def test_no_reading_as_an_account_goes_uncounted() -> None:
    seen, uncounted = set(), []
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            calls = _calls(ast.parse(path.read_text()))
            name = str(path.relative_to(ROOT))
            if READING & calls and name not in SOURCES:
                seen |= READING & calls
                uncounted += [] if "count_reading" in calls else [name]
    assert uncounted == []
    assert seen >= {"identify", "fetch", "locate", "inbox", "search", "reconcile"}, "the search finds what is there"


def test_no_source_is_read_from_a_network_that_takes_money() -> None:
    assert not [key for key, one in NETWORKS.items() if one.capabilities.prices and not one.holds_accounts]
