"""Capabilities are data: nothing but `networks/` and the simulator decides by a network's name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from networks.catalogue import NETWORKS

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "governance",
    "organisation",
    "notices",
    "accounts_registry",
    "approvals",
    "delivery",
    "publishing",
    "monitoring",
    "conversations",
    "crisis",
    "launcher",
)
NAMES = {name for network in NETWORKS.values() for name in (network.key, network.name)}
CODE = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "src").rglob("*.js"))
TEMPLATE_CONDITION = re.compile(r"{%\s*(?:el)?if\s[^%]*%}")
SCRIPT_CONDITION = re.compile(r"(?:===?|!==?|case)\s*([\"'`])(\w+)\1")


def decisions(tree: ast.AST) -> Iterator[ast.AST]:
    """Every expression on which the code branches, and every comparison."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
            yield node.test
        elif isinstance(node, ast.comprehension):
            yield from node.ifs
        elif isinstance(node, ast.Compare | ast.MatchValue):
            yield node


def named_in(tree: ast.AST) -> set[str]:
    """Networks that a decision in `tree` names."""
    parts = (part for decision in decisions(tree) for part in ast.walk(decision))
    return {part.value for part in parts if isinstance(part, ast.Constant) and part.value in NAMES}


def test_there_is_something_to_look_at() -> None:
    assert len(CODE) > 100
    assert len(TEMPLATES) > 30
    assert SCRIPTS
    assert "mastodon" in NAMES


@pytest.mark.parametrize(
    "code",
    [
        "if account.network == 'mastodon': pass",
        "x = 1 if network in ('a', 'bluesky') else 2",
        "match network:\n    case 'mastodon': pass",
        "found = [a for a in b if a.network.startswith('mastodon')]",
        "while 'Bluesky' != name: pass",
    ],
)
def test_the_look_sees_a_name(code: str) -> None:
    assert named_in(ast.parse(code))


@pytest.mark.slow
def test_no_code_decides_by_a_networks_name() -> None:
    guilty = {str(path.relative_to(ROOT)): named for path in CODE if (named := named_in(ast.parse(path.read_text())))}
    assert guilty == {}


def test_no_template_or_script_decides_by_a_networks_name() -> None:
    guilty = []
    for path in TEMPLATES:
        for condition in TEMPLATE_CONDITION.findall(path.read_text()):
            guilty += [
                str(path.relative_to(ROOT)) for word in re.findall(r"[\"'](\w+)[\"']", condition) if word in NAMES
            ]
    for path in SCRIPTS:
        found = (word for _quote, word in SCRIPT_CONDITION.findall(path.read_text()))
        guilty += [str(path.relative_to(ROOT)) for word in found if word in NAMES]
    assert guilty == []
