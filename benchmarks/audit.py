"""A list of 2,000 accounts on its way into an audit: read, tried, taken over, delivered again, looked through."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from accounts_registry.actions import begin_audit, check_list, examine_audit, read_lists, send_list, take_over_list
from accounts_registry.models import AccountAudit, ListImport, ListRow
from benchmarks.figures import Figure, Section
from organisation import bulk
from organisation.clock import database_today
from organisation.models import Person
from tests.factories.organisation import UnitFactory, person_with

HEADINGS = "Réseau;Adresse;Titre;Service;Responsable;Langue;Abonnés;Dernière publication\n"
ROW = "Facebok;www.facebook.com/service.{n}/;Service {n};Direction {u};Person {n};FR;1 {u:03};3/5/2026\n"


def measure(*, small: bool) -> Section:
    many = 200 if small else 2_000
    unit = UnitFactory.create()
    person = person_with("account_manager", unit)
    audit = begin_audit(unit=unit, by=person, name="Audit", due_on=database_today().replace(year=2099))
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        first = "".join(ROW.format(n=n, u=n % 300) for n in range(many))
        second = "".join(ROW.format(n=n, u=n % 299) for n in range(many // 10, many + many // 10))
        figures = [*_delivered(audit, person, first, "first"), *_delivered(audit, person, second, "second")]
    looked = _seconds(lambda: examine_audit(audit=audit, by=person))
    figures.append(Figure("findings of all that is listed", looked, "s", None, "≤ 10 s"))
    told = (
        f"A list of {many:,} rows and eight columns, each network misspelt. The limit is what it takes to write as "
        "many rows as they stand. Reading happens in a process of its own, and its start counts."
    )
    return Section("Audit of accounts", told, figures)


def _delivered(audit: AccountAudit, person: Person, rows: str, which: str) -> list[Figure]:
    file = SimpleUploadedFile("list.csv", (HEADINGS + rows).encode())
    given: ListImport = send_list(audit=audit, by=person, file=file, series="List")
    read = _seconds(lambda: read_lists(seconds=30))
    given.refresh_from_db()
    facts: dict[str, Any] = {"given": given, "by": person}
    tried = _seconds(lambda: check_list(**facts, sheets=given.sheets, mapping=given.mapping))
    taken = _seconds(lambda: take_over_list(**facts))
    stood = list(ListRow.objects.filter(of=given))
    bare = _seconds(
        lambda: bulk.insert(ListRow(of=given, sheet=9, number=one.number, cells=one.cells) for one in stood)
    )
    return [
        Figure(f"{which} delivery: read", read, "s", bare),
        Figure(f"{which} delivery: tried", tried, "s", bare),
        Figure(f"{which} delivery: taken over", taken, "s", bare),
        Figure(f"{which} delivery: all of it", read + tried + taken, "s", bare, "≤ 10 s"),
    ]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
