"""docs/security.md names the test of each promise: those tests are there."""

from __future__ import annotations

import re
from pathlib import Path

PLACE = re.compile(r"`((?:tests/)?[\w/]*(?:test_\w+\.py|conftest\.py|\w+/))`")


def named(page: str) -> set[str]:
    return set(PLACE.findall(page))


def test_every_test_that_the_page_names_is_there(project_root: Path) -> None:
    names = named((project_root / "docs" / "security.md").read_text())
    assert len(names) > 60
    tests = {str(path.relative_to(project_root)) for path in (project_root / "tests").rglob("*")}
    known = tests | {path.rpartition("/")[2] for path in tests}
    assert sorted(name for name in names if name.rstrip("/") not in known) == []


def test_every_threat_has_its_test(project_root: Path) -> None:
    page = (project_root / "docs" / "security.md").read_text()
    tables = page.split("## Threats, what holds them, the test")[1].split("## Tried by an attacker")[0]
    rows = [
        line
        for line in tables.splitlines()
        if line.startswith("|") and not line.startswith(("| ---", "| threat", "| bar"))
    ]
    assert len(rows) > 50
    assert [row for row in rows if not named(row) and "requirements/" not in row] == []
