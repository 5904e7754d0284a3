"""docs/benchmarks.md: a table and a picture a path, with the machine, the versions and the date."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime

import django
from django.conf import settings
from django.db import connection

from benchmarks.figures import Figure, Section

HEAD = """# Benchmarks

Measured by `make bench`. Read the ratios: each limit was measured in the same run, right beside the path.
"""


def written(sections: Mapping[str, Section], *, small: bool) -> str:
    size = "\n**A tenth of the size: these figures say only that it runs.**\n" if small else ""
    return f"{HEAD}\n{_machine()}\n{size}" + "".join(_section(section) for section in sections.values())


def keep(text: str) -> None:
    (settings.BASE_DIR / "docs" / "benchmarks.md").write_text(text)


def _machine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0].split()[0]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"Django {django.get_version()}, PostgreSQL {server}."
    )


def _section(section: Section) -> str:
    rows = "\n".join(_row(figure) for figure in section.figures)
    head = "| what | measured | limit | ratio | aim |\n| --- | ---: | ---: | ---: | --- |"
    return f"\n## {section.title}\n\n{section.told}\n\n{head}\n{rows}\n{_picture(section)}"


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
