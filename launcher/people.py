"""The demonstration's people, as its loader left them in `.parvis/people.json`."""

import json
from pathlib import Path

COLUMNS = ("name", "role", "email", "password")


def table_of(file: Path) -> str:
    """One line a person: name, role, e-mail address, password. Empty when the loader left nobody."""
    try:
        people = json.loads(file.read_text())
    except (OSError, ValueError):
        return ""
    rows = [[str(person.get(column, "")) for column in COLUMNS] for person in people]
    widths = [max((len(row[place]) for row in rows), default=0) for place in range(len(COLUMNS))]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
