"""Which row of a sheet names its columns, and what each column is: guessed by words and by what stands below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from accounts_registry.lists.accounts import addressed
from accounts_registry.lists.words import COLUMNS, network_named, role_of

LOOKED_AT = 30  # first rows among which the headings are
SAMPLE = 50  # rows by which a column is known
MOST_OF = 0.6
NAMING = ("address", "handle", "id")


def heading_row(rows: Sequence[tuple[int, Sequence[str]]]) -> int:
    """The number of the row with the headings; 0 where the sheet has none."""
    best, most = 0, 0
    for number, cells in rows[:LOOKED_AT]:
        told = {role_of(cell) for cell in cells if cell} - {""}
        known = len(told) if not any(addressed(cell) for cell in cells) else 0
        if known > most:
            best, most = number, known
    if most >= 2:
        return best
    first = rows[0] if rows else (0, [])
    if most and best == first[0]:
        return best
    names = [cell for cell in first[1] if cell]
    plain = len(names) > 1 and len({*names}) == len(names) and not any(addressed(cell) for cell in names)
    return first[0] if first[0] == 0 or (plain and len(rows) > 1) else -1


def headings(cells: Sequence[str], width: int) -> list[str]:
    """A name for each column, each once: what stands above it, else its letters."""
    seen: Counter[str] = Counter()
    names = []
    for place in range(width):
        name = (cells[place] if place < len(cells) else "").strip()[:80] or letters(place)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def letters(place: int) -> str:
    """As spreadsheets name their columns: A, B, … AA."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def guessed(names: Iterable[str], values: dict[str, list[str]]) -> dict[str, str]:
    """Heading → role ("" is left aside). One column alone is what it may be once; what stands in it may say more."""
    roles: dict[str, str] = {}
    for name in names:
        told = [value for value in values.get(name, []) if value][:SAMPLE]
        role = role_of(name)
        seen = by_values(told)
        if (role in ("", "title", "handle", "id") and seen in ("address", "network")) or not role:
            role = seen
        if role in COLUMNS and role in roles.values():
            role = ""
        roles[name] = role
    return roles


def by_values(told: list[str]) -> str:
    """What most of the values are: addresses, networks, names with an @."""
    if not told:
        return ""
    enough = max(1, round(MOST_OF * len(told)))
    if sum(addressed(one) for one in told) >= enough:
        return "address"
    if sum(bool(network_named(one)) for one in told) >= enough:
        return "network"
    return "handle" if sum(one.startswith("@") for one in told) >= enough else ""


def described(
    sheets: Sequence[dict[str, Any]], headings_at: Sequence[int] | None = None
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Of each sheet its headings and whether it lists accounts, and what each column seems to be. `headings_at` are the
    rows of the headings where a person said them."""
    told, mapping = [], {}
    for place, sheet in enumerate(sheets):
        heading = headings_at[place] if headings_at else heading_row(sheet["rows"])
        names, values = columns_of(sheet["rows"], heading)
        roles = guessed(names, values)
        names_accounts = any(is_naming(role) for role in roles.values())
        facts = {"name": sheet["name"], "rows": len(sheet["rows"]), "heading": heading, "taken": names_accounts}
        told.append({**facts, "columns": names})
        mapping.update({name: role for name, role in roles.items() if role or name not in mapping})
    if not any(one["taken"] for one in told):
        told[0]["taken"] = True
    return told, mapping


def columns_of(rows: list[Any], heading: int) -> tuple[list[str], dict[str, list[str]]]:
    """The columns of a sheet whose headings stand in the row `heading` (below 0: nowhere), and what stands in each."""
    width = max((len(cells) for number, cells in rows if number >= heading), default=0)
    above: list[str] = next((cells for number, cells in rows if number == heading), [])
    names = headings(above, width)
    body = [cells for number, cells in rows if number > heading][: SAMPLE * 4]
    values = {name: [cells[at] for cells in body if at < len(cells)] for at, name in enumerate(names)}
    return names, values


def is_naming(role: str) -> bool:
    """Whether a column of this role names an account."""
    return role in NAMING or role[:3] in ("on:", "id:")
