"""What a file holds once it is read: sheets of rows of text, within bounds that every format keeps to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from organisation.plain import plain

MOST_BYTES = 10 << 20
MOST_UNPACKED = 64 << 20
MOST_SHEETS = 20
MOST_ROWS = 10_000  # of all sheets together
MOST_COLUMNS = 120
MOST_CELLS = 600_000
LONGEST_CELL = 2_000
LAST_ROW = 2**31 - 1  # that a database counts to
DEEPEST = 40

Row = tuple[int, list[str]]  # as the file counts them, from 1


class Unreadable(Exception):
    """Why a file is not taken: `why` is a value of `accounts_registry.enums.Unread`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Sheet:
    """Rows that hold something, with the number that the file gives them."""

    name: str
    rows: list[Row] = field(default_factory=list)


@dataclass
class Grid:
    """Sheets as they are filled; what goes beyond a bound ends the reading."""

    sheets: list[Sheet] = field(default_factory=list)
    rows: int = 0
    cells: int = 0

    def sheet(self, name: str) -> Sheet:
        if len(self.sheets) == MOST_SHEETS:
            raise Unreadable("sheets")
        self.sheets.append(made := Sheet(_plain(name[:100])))
        return made

    def add(self, sheet: Sheet, number: int, cells: list[str]) -> None:
        """A row; one that holds nothing is passed over."""
        told = [_plain(cell) for cell in cells]
        while told and not told[-1]:
            told.pop()
        if not told:
            return
        self.rows += 1
        self.cells += len(told)
        if len(told) > MOST_COLUMNS:
            raise Unreadable("columns")
        if self.rows > MOST_ROWS or self.cells > MOST_CELLS or number > LAST_ROW:
            raise Unreadable("rows")
        sheet.rows.append((number, told))

    def told(self) -> dict[str, Any]:
        """As JSON can hold it."""
        kept = [one for one in self.sheets if one.rows]
        if not kept:
            raise Unreadable("empty")
        return {"sheets": [{"name": one.name, "rows": one.rows} for one in kept]}


def _plain(cell: str) -> str:
    """In one line, without what no database keeps; else written as all that people write."""
    if len(cell) > LONGEST_CELL:
        raise Unreadable("cell")
    if not cell.isascii() or "\0" in cell:
        cell = cell.replace("\0", "").encode("utf-8", "ignore").decode()
    return " ".join(plain(cell).split())
