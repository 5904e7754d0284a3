"""Draws every lifecycle, the data model and the acts of the API into docs/, from what the code runs on."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Field, Model
from django.utils import translation

from governance.api_twins import FOR_PEOPLE, NOT_YET, TWINS
from organisation.lifecycle import LIFECYCLES, Lifecycle

_DATA_MODEL = """# The data model

Drawn from the code by `manage.py draw_docs`, room by room from the ground floor up. A line leads from the row that
points to the one that it points at; `||` is exactly one, `|o` may be missing, `}o` any number.
"""


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when a drawing is not what the code says")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            drawings = {"lifecycles.md": lifecycles(), "data-model.md": data_model(), "api-acts.md": api_acts()}
        for name, text in drawings.items():
            file = settings.BASE_DIR / "docs" / name
            if not options["check"]:
                file.write_text(text)
            elif not file.exists() or file.read_text() != text:
                raise CommandError(f"docs/{name} is not what the code says: run manage.py draw_docs.")


def lifecycles() -> str:
    parts = [_lifecycle(lifecycle) for lifecycle in sorted(LIFECYCLES, key=lambda one: one.noun)]
    return "# Lifecycles\n\nDrawn from the code by `manage.py draw_docs`.\n" + "".join(parts)


def _lifecycle(lifecycle: Lifecycle) -> str:
    """One lifecycle: the picture, then its table."""
    rows = [
        f"| {one.name} | {', '.join(one.sources)} | {one.target} | {one.permission or 'system'} | {one.guard or '–'} |"
        for one in lifecycle.transitions
    ]
    table = "\n".join(["| act | from | to | who | guard |", "| --- | --- | --- | --- | --- |", *rows])
    return f"\n## {lifecycle.noun}\n\n```mermaid\n{lifecycle.mermaid()}\n```\n\n{table}\n"


def api_acts() -> str:
    """Each act of a page beside its operation, and what only people do."""
    twins = [f"| `{page}` | `{method}` `{name}` |" for page, (method, name) in TWINS.items()]
    alone = [f"| `{page}` | {why} |" for page, why in FOR_PEOPLE.items()]
    owed = [f"| `{page}` | {why} |" for page, why in NOT_YET.items()]
    return "\n".join(
        [
            *("# Acts of pages, and of the API", "", "Drawn from the code by `manage.py draw_docs`.", ""),
            *("| on a page | in the API |", "| --- | --- |", *twins, "", "## What only people do, on a page", ""),
            *("| on a page | why |", "| --- | --- |", *alone, ""),
            *("## Not in the API yet", "", "| on a page | |", "| --- | --- |", *owed, ""),
        ]
    )


def data_model() -> str:
    """A picture and a table a room, from the ground floor up."""
    rooms = [room for room in apps.get_app_configs() if Path(room.path).parent == settings.BASE_DIR]
    drawn = [room for room in sorted(rooms, key=lambda room: _floor(room.label)) if list(room.get_models())]
    return _DATA_MODEL + "".join(_room(room) for room in drawn)


def _floor(room: str) -> int:
    """How far up a room lies, by the order in which rooms may import one another."""
    floors = ["organisation", "notices", "accounts_registry", "approvals", "delivery", "monitoring"]
    floors += ["publishing", "conversations", "crisis"]
    return floors.index(room) if room in floors else len(floors)


def _room(room: AppConfig) -> str:
    nouns = sorted(room.get_models(), key=lambda noun: noun.__name__)
    lines = [line for noun in nouns for line in _lines(noun)] + [
        f"    {noun.__name__}" for noun in nouns if not _lines(noun)
    ]
    rows = [f"| {noun.__name__} | {_summary(noun)} |" for noun in nouns]
    picture = "\n".join(["```mermaid", "erDiagram", *lines, "```"])
    return f"\n## {room.label}\n\n{picture}\n\n" + "\n".join(["| noun | what it is |", "| --- | --- |", *rows]) + "\n"


def _lines(noun: type[Model]) -> list[str]:
    return [
        _line(noun, field) for field in (*noun._meta.concrete_fields, *noun._meta.many_to_many) if field.is_relation
    ]


def _line(noun: type[Model], field: Field[Any, Any]) -> str:
    many = "|o" if field.one_to_one else "}o"
    one = "o{" if field.many_to_many else "o|" if field.null else "||"
    return f"    {noun.__name__} {many}--{one} {field.related_model.__name__} : {field.name}"  # type: ignore[union-attr]


def _summary(noun: type[Model]) -> str:
    """The first paragraph of what the model says of itself, as one line of a table."""
    return " ".join((noun.__doc__ or "").split("\n\n")[0].split()).replace("|", "\\|")
