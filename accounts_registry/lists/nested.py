"""YAML and JSON: records in records, laid flat. One entity with several accounts becomes as many rows as it needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import yaml

from accounts_registry.lists.grid import DEEPEST, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Grid, Unreadable

MOST_EVENTS = 1_000_000
MOST_ALIASES = 1_000
NOTHING = ("", "null", "~", "none")
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar stays the text that it is: 02019, yes
Record = dict[str, str]


def read_json(grid: Grid, text: str) -> None:
    """One document, or one a line."""
    try:
        documents = [_json(text)]
    except ValueError:
        try:
            documents = [_json(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise Unreadable("json") from None
    _lay_out(grid, documents)


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError:
        raise Unreadable("deep") from None


def read_yaml(grid: Grid, text: str) -> None:
    """Looked at piece by piece first: how deep, how many, how often it names again what it said before."""
    try:
        _weigh(text)
        documents = list(yaml.load_all(text, Loader=_LOADER))
    except (yaml.YAMLError, ValueError):
        raise Unreadable("yaml") from None
    except (RecursionError, TypeError):  # TypeError: a key that is a list
        raise Unreadable("deep") from None
    _lay_out(grid, documents)


def _weigh(text: str) -> None:
    depth = aliases = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > DEEPEST:
            raise Unreadable("deep")
        if aliases > MOST_ALIASES or count > MOST_EVENTS:
            raise Unreadable("work")


def _lay_out(grid: Grid, documents: list[Any]) -> None:
    """Each list of records is a sheet."""
    flat = _Flat()
    for name, records in _lists(documents):
        sheet, columns, rows, cells = grid.sheet(name), dict[str, None](), list[tuple[int, Record]](), 0
        for number, record in enumerate(records, 1):
            for row in flat.rows(record):
                columns.update(dict.fromkeys(row))
                rows.append((number, row))
                cells += len(row)
            if len(columns) > MOST_COLUMNS:
                raise Unreadable("columns")
            if len(rows) > MOST_ROWS or cells > MOST_CELLS:
                raise Unreadable("rows")
        grid.add(sheet, 0, list(columns))
        for number, row in rows:
            grid.add(sheet, number, [row.get(column, "") for column in columns])


def _lists(documents: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    """The lists of records that the documents hold, each by its name."""
    loose = []
    for document in documents:
        if isinstance(document, list):
            yield "", [one for one in document if isinstance(one, dict)]
        elif isinstance(document, dict):
            own = {key: value for key, value in document.items() if _is_records(value)}
            yield from ((str(key), value) for key, value in own.items())
            if not own and document and all(isinstance(value, dict) for value in document.values()):
                yield "", [{"key": str(key), **value} for key, value in document.items()]
            elif not own:
                loose.append(document)
    if loose:
        yield "", loose


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


class _Flat:
    """Lays records flat. What is named again is looked at again: how much is looked at in all has an end."""

    def __init__(self) -> None:
        self.left = MOST_EVENTS

    def rows(self, record: dict[Any, Any], prefix: str = "", depth: int = 0) -> list[Record]:
        """One row, or where lists of records stand in it one for each of theirs, all with what stands beside them."""
        if depth > DEEPEST:
            raise Unreadable("deep")
        own: Record = {}
        below: list[Record] = []
        for key, value in record.items():
            self.left -= 1
            if self.left < 0:
                raise Unreadable("work")
            name = f"{prefix}{key}" if key != "<<" else prefix.removesuffix(".")
            inside = f"{name}." if name else ""
            if isinstance(value, dict):
                inner = self.rows(value, inside, depth + 1)
                own.update(inner[0]) if len(inner) == 1 else below.extend(inner)
            elif isinstance(value, list):
                below += self._of_list(value, name, inside, depth, own)
            else:
                own[name] = _text(value)
            if len(below) > MOST_ROWS:
                raise Unreadable("rows")
        return [{**own, **one} for one in below] or [own]

    def _of_list(self, values: list[Any], name: str, inside: str, depth: int, own: Record) -> list[Record]:
        """The rows that a list makes; what is no record and no address it says in one cell of `own`."""
        self.left -= len(values)
        texts = [_text(one) for one in values if not isinstance(one, dict | list)]
        found = [row for one in values if isinstance(one, dict) for row in self.rows(one, inside, depth + 1)]
        if _are_addresses(texts):
            return found + [{name: text} for text in texts if text]
        if texts:
            own[name] = ", ".join(text for text in texts if text)
        return found


def _are_addresses(texts: list[str]) -> bool:
    return len(texts) > 1 and any("://" in text or text.startswith(("www.", "@")) for text in texts)


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = str(value).strip()
    return "" if text.lower() in NOTHING else text
