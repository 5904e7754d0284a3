"""Writes the whole audit trail into a file for the verifier. The export is an event of the trail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from organisation.actions import export_trail, zipped


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="ends in .gz, or else is written as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = export_trail(by=None)
        with options["file"].open("wb") as file:
            for piece in zipped(lines) if options["file"].suffix == ".gz" else lines:
                file.write(piece)
