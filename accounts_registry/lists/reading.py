"""A file that somebody sent, as sheets of text. Runs in a child that may be killed: its cost is in what it unpacks."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from accounts_registry.lists import nested, opendocument, text, workbook
from accounts_registry.lists.grid import MOST_BYTES, Grid, Unreadable
from accounts_registry.lists.xml import Package

PACKED = b"PK\x03\x04"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a workbook of before 2007, or one behind a password


def list_grid(content: bytes, name: str) -> tuple[dict[str, Any], bytes]:
    """`{"sheets": […]}`, or `{"unreadable": why}`; and no bytes."""
    try:
        return grid_of(content, name).told(), b""
    except Unreadable as refusal:
        return {"unreadable": refusal.why}, b""
    except (MemoryError, RecursionError):
        return {"unreadable": "work"}, b""


def grid_of(content: bytes, name: str) -> Grid:
    """By what the file is, and only where that says nothing by what it is called."""
    if len(content) > MOST_BYTES:
        raise Unreadable("large")
    if content.startswith(OLD):
        raise Unreadable("old")
    grid, ending = Grid(), name.rpartition(".")[2].lower()
    if content.startswith(PACKED):
        _unpack(grid, content)
        return grid
    said = text.decoded(content)
    if ending in ("yaml", "yml"):
        nested.read_yaml(grid, said)
    elif ending in ("json", "jsonl", "ndjson") or said.lstrip()[:1] in ("[", "{"):
        nested.read_json(grid, said)
    elif said.startswith("%PDF") or "\0" in said:
        raise Unreadable("format")
    else:
        text.read_table(grid, said)
    return grid


def _unpack(grid: Grid, content: bytes) -> None:
    package = Package(BytesIO(content))
    if workbook.BOOK in package.names:
        workbook.read_workbook(grid, package)
    elif opendocument.CONTENT in package.names:
        opendocument.read_opendocument(grid, package)
    else:
        raise Unreadable("format")
