"""An import inside a function hides an arrow of the house: it is in `ready()`, in the launcher, or says its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

NOT_ASKED = {"tests", "benchmarks", "launcher"}  # the launcher's first steps run before any package is there


def late(source: str) -> Iterator[tuple[str, int, str]]:
    """Function, line number and line of each import inside a function of `source`."""
    lines = source.splitlines()
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(function):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield function.name, inner.lineno, lines[inner.lineno - 1]


def unexplained(page: Path) -> list[str]:
    found = late(page.read_text())
    return [
        f"{page.relative_to(settings.BASE_DIR)}:{number}"
        for function, number, line in found
        if "# reason: " not in line and not (page.name == "apps.py" and function == "ready")
    ]


@pytest.mark.slow
def test_every_late_import_says_why() -> None:
    rooms = [page.parent for page in settings.BASE_DIR.glob("*/__init__.py") if page.parent.name not in NOT_ASKED]
    pages = [page for room in rooms for page in room.rglob("*.py") if "migrations" not in page.parts]
    assert len(pages) > 300
    assert [where for page in pages for where in unexplained(page)] == []


def test_one_without_a_reason_is_found(tmp_path: Path) -> None:
    source = (
        "def act():\n    from delivery import models\n\n\nclass A:\n    def b(self):\n        import re  # reason: x\n"
    )
    assert [(name, number) for name, number, line in late(source) if "# reason: " not in line] == [("act", 2)]
