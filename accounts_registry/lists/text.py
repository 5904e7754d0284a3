"""Bytes to text, and text to a table: encodings and separators as spreadsheets write them."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter

from accounts_registry.lists.grid import LONGEST_CELL, MOST_COLUMNS, Grid, Unreadable

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS = ";,\t|"
LOOKED_AT = 60  # lines by which a separator is known


def decoded(content: bytes) -> str:
    """The text of a file: by its mark, else UTF-16 by its zeros, UTF-8, Windows-1252."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _as(content, encoding)
    if b"\0" in content[:2_000]:
        return _as(content, "utf-16-le" if content[1:2_000:2].count(0) > content[:2_000:2].count(0) else "utf-16-be")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _as(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeError:
        raise Unreadable("format") from None
    if "\0" in text:
        raise Unreadable("format")
    return text.removeprefix("\ufeff")


def read_table(grid: Grid, text: str) -> None:
    """Lines with something between the cells. A quotation mark that nobody closes swallows no other line."""
    skipped = 0
    if text[:5].lower().startswith("sep=") and len(text) > 4:  # a spreadsheet's own way of saying it
        separator, text, skipped = text[4], text.partition("\n")[2], 1
    else:
        separator = _separator(text)
    sheet = grid.sheet("")
    for number, cells in _rows(text, separator):
        grid.add(sheet, number + skipped, cells)


def _rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Each row with the line on which it begins; line by line where a quotation mark is never closed."""
    csv.field_size_limit(LONGEST_CELL)
    for is_strict in (True, False):
        try:
            return _read(text, separator, is_strict=is_strict)
        except csv.Error as wrong:
            if "end of data" in str(wrong) or "limit" in str(wrong):
                break
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            rows += [(number, cells) for _at, cells in _read(line, separator, is_strict=False)]
        except csv.Error:
            raise Unreadable("cell") from None
    return rows


def _read(text: str, separator: str, *, is_strict: bool) -> list[tuple[int, list[str]]]:
    source = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=is_strict)
    rows, begins = [], 1
    for cells in source:
        rows.append((begins, cells))
        begins = source.line_num + 1
    return rows


def _separator(text: str) -> str:
    """The one that parts most lines into the same number of cells; a comma where none parts any."""
    lines = [line for line in text[:200_000].splitlines()[:LOOKED_AT] if line.strip()]

    def sameness(separator: str) -> tuple[int, int]:
        counts = Counter(min(_outside(line, separator), MOST_COLUMNS) for line in lines)
        counts.pop(0, None)
        best = max(counts.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
        return best[1], best[0]

    found = max(SEPARATORS, key=sameness)
    return found if sameness(found)[0] else ","


def _outside(line: str, separator: str) -> int:
    """How often it stands outside of quotation marks."""
    return sum(part.count(separator) for part in line.split('"')[::2])
