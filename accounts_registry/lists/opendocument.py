"""ODS: sheets of cells, of which many are said once for several. Of a formula, the value that was saved with it."""

from __future__ import annotations

from accounts_registry.lists.grid import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Grid, Sheet, Unreadable
from accounts_registry.lists.workbook import EXACT
from accounts_registry.lists.xml import CLOSES, OPENS, SAYS, Package

CONTENT = "content.xml"
BESIDE = ("annotation", "tracked-changes", "shapes", "forms")  # what stands in a cell and is not its text


def read_opendocument(grid: Grid, package: Package) -> None:
    table = _Table(grid)
    beside = 0
    for what, name, told in package.events(CONTENT):
        if name in BESIDE and what != SAYS:
            beside += 1 if what == OPENS else -1
        elif beside:
            continue
        elif what == OPENS:
            table.opens(name, told)
        elif what == SAYS:
            table.says(name)
        elif what == CLOSES:
            table.closes(name)


class _Table:
    """One sheet after the other, cell by cell."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.sheet: Sheet | None = None
        self.number = self.rows = self.times = 1
        self.cells: list[str] = []
        self.empty = self.paragraphs = 0
        self.said: list[str] = []
        self.told: dict[str, str] = {}
        self.spans: dict[int, tuple[int, str]] = {}  # column → rows that it still reaches, what it says

    def opens(self, name: str, told: dict[str, str]) -> None:
        if name == "table":
            self.sheet, self.number, self.spans = self.grid.sheet(told.get("name", "")), 1, {}
        elif name == "table-row":
            self.cells, self.empty, self.rows = [], 0, _times(told, "number-rows-repeated")
        elif name in ("table-cell", "covered-table-cell"):
            self.said, self.told, self.times = [], told, _times(told, "number-columns-repeated")
            self.paragraphs = 0
        elif name == "p":
            self.said += ["\n"] if self.said else []
            self.paragraphs += 1
        elif name == "a" and told.get("href", "").startswith(("http://", "https://")):
            self.told = {**self.told, "leads": told["href"]}
        elif name in ("s", "tab", "line-break") and self.paragraphs:
            self.said.append(" ")

    def says(self, text: str) -> None:
        if self.paragraphs:
            self.said.append(text)

    def closes(self, name: str) -> None:
        if name == "p":
            return
        if name in ("table-cell", "covered-table-cell"):
            self._cell(is_covered=name == "covered-table-cell")
            self.paragraphs = 0
        elif name == "table-row":
            self._row()

    def _cell(self, *, is_covered: bool) -> None:
        value = _value(self.told, "".join(self.said)[: LONGEST_CELL + 1])
        place = len(self.cells) + self.empty
        if is_covered and not value and place in self.spans:
            for at in range(place, min(place + self.times, MOST_COLUMNS)):
                self._put(self.spans[at][1] if at in self.spans else "", 1)
            return
        self._put(value, self.times)
        if (
            value
            and (rows := _times(self.told, "number-rows-spanned"))
            * (columns := _times(self.told, "number-columns-spanned"))
            > 1
        ):
            reach = (min(rows, MOST_ROWS), value)
            self.spans |= dict.fromkeys(range(place, min(place + columns, MOST_COLUMNS)), reach)

    def _put(self, value: str, times: int) -> None:
        if not value:
            self.empty += times
            return
        if len(self.cells) + self.empty + times > MOST_COLUMNS:
            raise Unreadable("columns")
        self.cells += [""] * self.empty + [value] * times
        self.empty = 0

    def _row(self) -> None:
        if self.sheet is not None and self.cells:
            for number in range(self.number, self.number + min(self.rows, MOST_ROWS + 1)):
                self.grid.add(self.sheet, number, self.cells)
        self.number += self.rows
        self.spans = {at: (rows - 1, value) for at, (rows, value) in self.spans.items() if rows > 1}


def _value(told: dict[str, str], text: str) -> str:
    kind = told.get("value-type", "")
    if kind == "date":
        return told.get("date-value", "")[:10]
    if kind == "float" and _is_exact(told.get("value", "")):
        return told["value"].removesuffix(".0")
    if "leads" in told and "://" not in text and "/" not in text and not text.startswith("@"):
        return told["leads"]
    return text


def _is_exact(text: str) -> bool:
    try:
        return abs(float(text)) < EXACT
    except ValueError:
        return False


def _times(told: dict[str, str], name: str) -> int:
    text = told.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 9 else 1
