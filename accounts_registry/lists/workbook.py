"""XLSX: sheets of cells. Of a formula, the value that was saved with it; nothing is computed here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from accounts_registry.lists.grid import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Grid, Unreadable
from accounts_registry.lists.xml import CLOSES, OPENS, SAYS, Event, Package

BOOK = "xl/workbook.xml"
DATES = {*range(14, 23), *range(45, 48)}  # the formats that are built in
CELL = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")
DATE_FORMAT = re.compile(r"[ymd]", re.IGNORECASE)
NO_LETTERS = re.compile(r'"[^"]*(?:"|$)|\[[^\]]*(?:\]|$)|\\.')  # one that is never closed goes to the end
EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number, and makes the others up
Cells = dict[int, dict[int, str]]


def read_workbook(grid: Grid, package: Package) -> None:
    strings, styles = list(_strings(package)), _date_styles(package)
    names, from_1904 = _book(package)
    places = _relations(package, "xl/_rels/workbook.xml.rels")
    for name, key in names:
        place = places.get(key, "")
        path = place.removeprefix("/") if place.startswith("/") else f"xl/{place}"
        _sheet(grid, name, package, path, _Reader(strings, styles, from_1904))


def _book(package: Package) -> tuple[list[tuple[str, str]], bool]:
    names, from_1904 = [], False
    for what, name, told in package.events(BOOK):
        if what == OPENS and name == "sheet":
            names.append((told.get("name", ""), told.get("id", "")))
        from_1904 |= what == OPENS and name == "workbookPr" and told.get("date1904") in ("1", "true")
    return names, from_1904


def _relations(package: Package, path: str) -> dict[str, str]:
    return {
        told.get("Id", ""): told.get("Target", "")
        for what, name, told in package.events(path)
        if what == OPENS and name == "Relationship"
    }


def _strings(package: Package) -> Iterator[str]:
    said: list[str] = []
    inside, shown = 0, True
    for what, name, _told in package.events("xl/sharedStrings.xml"):
        if what == OPENS:
            said, inside, shown = (
                ([], inside, True) if name == "si" else (said, inside + (name == "t"), shown and name != "rPh")
            )
        elif what == SAYS and inside and shown:
            said.append(name)
        elif what == CLOSES:
            inside -= name == "t"
            shown = shown or name == "rPh"
            if name == "si":
                yield "".join(said)[: LONGEST_CELL + 1]


def _date_styles(package: Package) -> set[int]:
    """The numbers of the styles that show a number as a day."""
    formats, found, place, inside = set(DATES), set(), 0, False
    for what, name, told in package.events("xl/styles.xml"):
        if what == OPENS and name == "numFmt" and DATE_FORMAT.search(NO_LETTERS.sub("", told.get("formatCode", ""))):
            formats.add(_number(told.get("numFmtId", "")))
        elif name == "cellXfs":
            inside = what == OPENS
        elif what == OPENS and name == "xf" and inside:
            if _number(told.get("numFmtId", "0")) in formats:
                found.add(place)
            place += 1
    return found


class _Reader:
    """What a cell says, with what the book says of it elsewhere."""

    def __init__(self, strings: list[str], dates: set[int], from_1904: bool) -> None:
        self.strings, self.dates = strings, dates
        self.begins = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)

    def value(self, kind: str, style: str, text: str) -> str:
        if kind == "s":
            number = _number(text)
            return self.strings[number] if 0 <= number < len(self.strings) else ""
        if kind in ("inlineStr", "str", "d"):
            return text[:10] if kind == "d" else text
        if kind == "e":
            return ""
        return self._counted(text, _number(style or "0") in self.dates) if kind != "b" else text

    def _counted(self, text: str, is_date: bool) -> str:
        try:
            number = float(text)
        except ValueError:
            return text
        if is_date and 0 < number <= (date.max - self.begins).days:
            return (self.begins + timedelta(days=int(number))).isoformat()
        if number.is_integer() and abs(number) < EXACT:
            return str(int(number))
        return text


def _sheet(grid: Grid, name: str, package: Package, path: str, reader: _Reader) -> None:
    cells: Cells = {}
    merged: list[str] = []
    links: list[tuple[str, str]] = []
    held = 0
    for place, value, about in _told(package.events(path), reader):
        if about == "merge":
            merged.append(place)
        elif about == "link":
            links.append((place, value))
        elif value:
            row, column = _place(place)
            if column > MOST_COLUMNS:
                raise Unreadable("columns")
            cells.setdefault(row, {})[column] = value
            held += 1
            if held > MOST_CELLS or len(cells) > MOST_ROWS:
                raise Unreadable("rows")
    folder, _slash, file = path.rpartition("/")
    targets = _relations(package, f"{folder}/_rels/{file}.rels") if links else {}
    for place, key in links:
        _link(cells, place, targets.get(key, ""))
    _spread(cells, merged)
    sheet = grid.sheet(name)
    for number in sorted(cells):
        row_cells = cells[number]
        grid.add(sheet, number, [row_cells.get(column, "") for column in range(1, max(row_cells) + 1)])


def _told(events: Iterator[Event], reader: _Reader) -> Iterator[tuple[str, str, str]]:
    """Cells by their place, then the ranges that are merged and the cells that lead elsewhere."""
    row = column = inside = 0
    place, kind, style, said = "", "", "", list[str]()
    for what, name, told in events:
        if what == SAYS:
            if inside:
                said.append(name)
        elif what == CLOSES:
            inside -= name in ("v", "t")
            if name == "c":
                yield place, reader.value(kind, style, "".join(said)[: LONGEST_CELL + 1]), ""
        elif name == "row":
            row, column = _number(told.get("r", "")) if "r" in told else row + 1, 0
        elif name == "c":
            column += 1
            place, kind, style, said = (
                told.get("r") or f"{_letters(column)}{row}",
                told.get("t", "n"),
                told.get("s", ""),
                [],
            )
        elif name in ("v", "t"):
            inside += 1
        elif name == "mergeCell":
            yield told.get("ref", ""), "", "merge"
        elif name == "hyperlink" and "id" in told:
            yield told.get("ref", ""), told["id"], "link"


def _link(cells: Cells, place: str, target: str) -> None:
    """A cell that leads to an address says it, unless it says one already."""
    row, column = _place(place.partition(":")[0])
    if target.startswith(("http://", "https://")) and column in cells.get(row, {}):
        said = cells[row][column]
        if "://" not in said and "/" not in said and not said.startswith("@"):
            cells[row][column] = target


def _spread(cells: Cells, merged: list[str]) -> None:
    """What stands once for several cells stands in each of them, in the rows that say anything."""
    left = MOST_CELLS
    for place in merged:
        first, _colon, last = place.partition(":")
        (top, start), (bottom, end) = _place(first), _place(last or first)
        value = cells.get(top, {}).get(start)
        if value is None or end > MOST_COLUMNS:
            continue
        for row in [one for one in range(top, min(bottom, top + MOST_ROWS) + 1) if one in cells]:
            for column in range(start, end + 1):
                cells[row].setdefault(column, value)
        left -= min(bottom - top, MOST_ROWS) + 1
        if left < 0:
            raise Unreadable("work")


def _place(text: str) -> tuple[int, int]:
    """Row and column, from 1."""
    found = CELL.match(text)
    if found is None:
        raise Unreadable("broken")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
