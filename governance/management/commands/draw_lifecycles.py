"""Draws every lifecycle into docs/lifecycles.md, from the tables that the code walks."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from organisation.lifecycle import LIFECYCLES, Lifecycle


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the drawing is not what the code says")

    def handle(self, *args: Any, **options: Any) -> None:
        file = settings.BASE_DIR / "docs" / "lifecycles.md"
        with translation.override("en"):
            parts = [drawn(lifecycle) for lifecycle in sorted(LIFECYCLES, key=lambda one: one.noun)]
        text = "# Lifecycles\n\nDrawn from the code by `manage.py draw_lifecycles`.\n" + "".join(parts)
        if not options["check"]:
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            raise CommandError("docs/lifecycles.md is not what the code says: run manage.py draw_lifecycles.")


def drawn(lifecycle: Lifecycle) -> str:
    """One lifecycle: the picture, then its table."""
    rows = [
        f"| {one.name} | {', '.join(one.sources)} | {one.target} | {one.permission or 'system'} | {one.guard or '–'} |"
        for one in lifecycle.transitions
    ]
    table = "\n".join(["| act | from | to | who | guard |", "| --- | --- | --- | --- | --- |", *rows])
    return f"\n## {lifecycle.noun}\n\n```mermaid\n{lifecycle.mermaid()}\n```\n\n{table}\n"
