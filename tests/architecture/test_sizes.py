"""Files and functions stay readable: 400 lines and 40 lines; rooms for odds and ends do not exist."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = [
    "governance",
    "organisation",
    "networks",
    "notices",
    "accounts_registry",
    "approvals",
    "delivery",
    "publishing",
    "monitoring",
    "conversations",
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


OURS = [path for path in FILES if "tests" not in path.parts]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def long_functions(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = [(one.name, (one.end_lineno or one.lineno) - one.lineno + 1) for one in functions]
    return [f"{named(path)}: {name}: {length}" for name, length in lengths if length > 40]


def test_there_is_something_to_measure() -> None:
    assert len(FILES) > 100


def test_a_file_has_at_most_400_lines() -> None:
    lengths = {named(path): len(path.read_text().splitlines()) for path in FILES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_a_line_of_a_template_has_at_most_160_signs() -> None:
    lines = [(path, line) for path in (ROOT / "templates").rglob("*.*") for line in path.read_text().splitlines()]
    assert len(lines) > 2_000
    assert [f"{named(path)}: {line.strip()[:60]}" for path, line in lines if len(line) > 160] == []


def test_a_comment_of_a_template_ends_on_its_line() -> None:
    """One that goes on is no comment to Django: everybody reads it."""
    lines = [(path, line) for path in (ROOT / "templates").rglob("*.*") for line in path.read_text().splitlines()]
    assert [named(path) for path, line in lines if "{#" in line and "#}" not in line] == []


def test_a_function_has_at_most_40_lines() -> None:
    assert [found for path in OURS for found in long_functions(path)] == []


def test_every_module_has_a_noun() -> None:
    assert [named(path) for path in OURS if FORBIDDEN_NAMES & {path.stem, path.parent.name}] == []
