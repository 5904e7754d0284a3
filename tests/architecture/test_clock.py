"""The database's clock decides: a process that asks its own machine's may show what it says, and no more."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_sizes import FILES

# Rooms without a database, and those that make up a world or measure one.
ELSEWHERE = {"networks", "simulator", "launcher", "benchmarks", "tests"}
OWN = {
    "timezone": {"now", "localdate", "localtime"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time"},
}
IMPORTS = {"time.time", *(f"django.utils.timezone.{name}" for name in OWN["timezone"])}
STAMPS = {"auto_now", "auto_now_add"}  # of the framework, by the process's clock
# Where → why it decides nothing.
SHOWN = {
    "accounts_registry/forms/dossiers.py PeopleStep": "the day that a form proposes",
    "accounts_registry/models/account.py Account": "shows since when it is registered",
    "accounts_registry/queries/standing.py Standing": "shows that an access ends soon",
    "accounts_registry/queries/standing.py days_left": "in how many days",
    "accounts_registry/queries/waiting.py _accounts": "Today shows whose review comes near",
    "accounts_registry/queries/waiting.py stopped_accounts": "Today shows what stopped",
    "accounts_registry/queries/waiting.py waiting_for": "Today shows which version ends",
    "accounts_registry/views/budget.py budget_part": "shows the month",
    "conversations/models/conversation.py Conversation": "shows that a deadline has passed",
    "conversations/views/inbox.py _moment": "how many came since a page was shown",
    "conversations/views/inbox.py inbox": "the same",
    "delivery/forms.py in_an_hour": "the time that a form proposes",
    "governance/checks.py the_versions_live": "a warning of a command that has no database",
    "governance/gallery.py samples": "a page of samples",
    "governance/templatetags/frame.py _in_words": "says today or yesterday",
    "governance/templatetags/frame.py deadline_state": "colours a deadline",
    "monitoring/models/mention.py Mention": "shows when a message was looked at",
    "monitoring/models/source.py Source": "shows since when it is read",
    "monitoring/models/watch.py Watch": "shows since when it looks",
    "organisation/admin/calendars.py calendars": "which years a page shows",
    "organisation/models/person.py Person": "shows since when somebody works here",
    "organisation/ration.py Ration": "where an hour begins, all the same for whoever is counted",
    "organisation/views/audit.py audit_export": "the name of a file",
    "organisation/views/working_time.py _show": "which years a page shows",
    "publishing/actions/reading.py _old": "beside the times of files, which are no database's",
    "publishing/queries/calendar.py _weeks": "which day a page marks",
    "publishing/queries/waiting.py _has_gone": "shows no lateness",
    "publishing/views/calendar.py _first": "at which month a page opens",
}


def own_clock(code: str) -> Iterator[str]:
    """Where `code` asks the process's clock, by the names of the outermost class or function; a moment that is only
    brought to another zone is not asked for."""
    for outermost in ast.parse(code).body:
        given = {id(call.func) for call in ast.walk(outermost) if isinstance(call, ast.Call) and call.args}
        for one in ast.walk(outermost):
            if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
                brought = one.value.id == "timezone" and id(one) in given
                if one.attr in OWN.get(one.value.id, ()) and not brought:
                    yield getattr(outermost, "name", "module")
            elif isinstance(one, ast.keyword) and one.arg in STAMPS:
                yield getattr(outermost, "name", "module")
            elif isinstance(one, ast.ImportFrom) and _names(one) & IMPORTS:
                yield "import"


def _names(told: ast.ImportFrom) -> set[str]:
    return {f"{told.module}.{alias.name}" for alias in told.names}


def test_the_process_clock_decides_nothing(project_root: Path) -> None:
    found = set()
    for path in FILES:
        place = path.relative_to(project_root)
        if place.parts[0] not in ELSEWHERE and "migrations" not in place.parts and "demonstration" not in place.parts:
            found |= {f"{place} {name}" for name in own_clock(path.read_text())}
    assert found == set(SHOWN)


@pytest.mark.parametrize(
    ("code", "asks"),
    [
        ("def due(): return timezone.now()", ["due"]),
        ("def day(zone): return timezone.localdate(timezone=zone)", ["day"]),
        ("class Form:\n    def clean(self): return datetime.now(UTC)", ["Form"]),
        ("class Row:\n    at = DateTimeField(default=timezone.now)", ["Row"]),
        ("class Row:\n    at = DateTimeField(auto_now_add=True)", ["Row"]),
        ("SINCE = time.time()", ["module"]),
        ("from django.utils.timezone import now", ["import"]),
        ("def day(at): return timezone.localdate(at, timezone=ZONE)", []),
        ("def due(): return database_now()", []),
    ],
)
def test_who_asks_it(code: str, asks: list[str]) -> None:
    assert list(own_clock(code)) == asks
