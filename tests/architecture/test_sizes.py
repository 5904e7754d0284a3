"""Files and functions stay readable: 400 lines and 40 lines; rooms for odds and ends do not exist."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = [
    "governance",
    "organisation",
    "networks",
    "accounts_registry",
    "delivery",
    "publishing",
    "monitoring",
    "crisis",
    "simulator",
    "launcher",
]
FILES = [
    path
    for room in [*ROOMS, "tests"]
    for path in sorted((ROOT / room).rglob("*.py"))
    if not {"migrations", "node_modules"} & set(path.parts)
]
FORBIDDEN_NAMES = {"utils", "helpers", "services", "common", "misc", "signals"}


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_measure():
    assert len(FILES) > 100


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_a_file_has_at_most_400_lines(path):
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", [path for path in FILES if "tests" not in path.parts], ids=ids)
def test_a_function_has_at_most_40_lines(path):
    tree = ast.parse(path.read_text())
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [f"{f.name}: {f.end_lineno - f.lineno + 1}" for f in functions if f.end_lineno - f.lineno + 1 > 40]
    assert not long


@pytest.mark.parametrize("path", [path for path in FILES if "tests" not in path.parts], ids=ids)
def test_every_module_has_a_noun(path):
    assert not FORBIDDEN_NAMES & {path.stem, path.parent.name}
