"""The table of what the networks do otherwise names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs/networks-checked.md"
NAMED = re.compile(r"`((?:tests/\w+/)?test_\w+\.py)::(test_\w+)`")


def test_every_test_that_the_table_names_is_there() -> None:
    named = NAMED.findall(TABLE.read_text())
    assert len(named) > 40
    for path, name in named:
        place = ROOT / path if "/" in path else Path(__file__).parent / path
        assert place.is_file(), path
        assert f"\ndef {name}(" in place.read_text(), f"{path}::{name}"
