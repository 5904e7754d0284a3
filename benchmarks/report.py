"""docs/benchmarks.md: a part a path, with a table and a picture, the machine, the versions and the date."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime

import django
from django.conf import settings
from django.db import connection

from benchmarks.figures import Figure, Section

HEAD = """# Benchmarks

Measured by `make bench`, or a part of it (`make bench BENCH=sending`). Read the ratios: each limit was measured in the
same run, right beside the path.
"""
SMALL = "**A tenth of the size: these figures say only that it runs.**"


def written(section: Section, *, small: bool) -> str:
    """The section's part of the page, with what it was measured on."""
    size = f"\n{SMALL}\n" if small else ""
    return f"## {section.title}\n\n{section.told}\n\n{_machine()}\n{size}\n{_table(section)}\n{_picture(section)}"


def keep(parts: Sequence[str]) -> None:
    """Puts each part in the place of the one of the same title; the others stay as they were measured."""
    page = settings.BASE_DIR / "docs" / "benchmarks.md"
    page.write_text(merged(page.read_text() if page.exists() else "", parts))


def merged(page: str, parts: Sequence[str]) -> str:
    _head, *before = page.split("\n## ")
    found = {_title(part): part.rstrip("\n") for part in [*(f"## {one}" for one in before), *parts]}
    return "\n".join([HEAD, *(f"{part}\n" for part in found.values())])


def _title(part: str) -> str:
    return part.partition("\n")[0]


def _machine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0].split()[0]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"Django {django.get_version()}, PostgreSQL {server}."
    )


def _table(section: Section) -> str:
    rows = "\n".join(_row(figure) for figure in section.figures)
    return f"| what | measured | limit | ratio | aim |\n| --- | ---: | ---: | ---: | --- |\n{rows}"


def _row(figure: Figure) -> str:
    limit = "–" if figure.limit is None else f"{_short(figure.limit)} {figure.unit}"
    ratio = "–" if figure.ratio is None else f"{figure.ratio:.2f} ×"
    return f"| {figure.what} | {_short(figure.value)} {figure.unit} | {limit} | {ratio} | {figure.aim or '–'} |"


def _picture(section: Section) -> str:
    """The ratios as bars, where there are two or more; the table says the same in words."""
    bars = [(number, figure) for number, figure in enumerate(section.figures, 1) if figure.ratio is not None]
    if len(bars) < 2:
        return ""
    names = ", ".join(f'"{number}"' for number, _ in bars)
    heights = ", ".join(f"{figure.ratio:.2f}" for _, figure in bars)
    return (
        "\n```mermaid\nxychart-beta\n"
        f'    title "{section.title}: times the limit, by line of the table"\n'
        f'    x-axis [{names}]\n    y-axis "times the limit"\n    bar [{heights}]\n```\n'
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.3f}"
