"""When units are open: by their calendar, the office hours of the nearest unit that says them, every closure above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from django.db.models import CharField, Q, QuerySet

from organisation.models import Closure, Person, Unit
from organisation.prepared import Prepared, Slot, paths
from organisation.queries.audit import LatestEvents
from organisation.queries.names import explained
from organisation.queries.visible import visible_events
from organisation.working_time import Closed, WorkingCalendar, hours_of

STEP = Unit.steplen
_CLOSED = ("first", "last", "since", "until", "names")


def calendar_of(unit: Unit) -> WorkingCalendar:
    """When `unit` is open. One query."""
    return calendars_of([unit])[unit.pk]


def calendars_of(units: Iterable[Unit]) -> dict[int, WorkingCalendar]:
    """By key, when each of `units` is open. One query, however many they are."""
    asked = {unit.pk: unit for unit in units}
    above = {path for unit in asked.values() for path in _to_the_top(unit.path)}
    hours: dict[str, Any] = {}
    closures: dict[str, list[Closed]] = {}
    for path, own, *closed in _hours_and_closures()(paths=paths(above)):
        hours[path] = own
        if closed[0] is not None:
            closures.setdefault(path, []).append(Closed(*closed))
    found = {}
    for key, unit in asked.items():
        way = _to_the_top(unit.path)
        said = next((hours[path] for path in reversed(way) if hours.get(path)), None)
        calendar = replace(unit.calendar, closures=tuple(one for path in way for one in closures.get(path, [])))
        found[key] = replace(calendar, hours=hours_of(said)) if said else calendar
    return found


@cache
def _hours_and_closures() -> Prepared[Unit, Any]:
    rows = Unit.objects.filter(path__in=Slot("paths", CharField())).order_by("path", "closures__first", "closures__pk")
    return Prepared(rows.values_list("path", "office_hours", *(f"closures__{name}" for name in _CLOSED)))


def closures_over(unit: Unit) -> QuerySet[Closure]:
    """Closures of `unit` and of the units above, with their units, the latest first."""
    return (
        Closure.objects.filter(unit__path__in=_to_the_top(unit.path)).select_related("unit").order_by("-first", "-pk")
    )


def _to_the_top(path: str) -> list[str]:
    """The paths of the units from the organisation down to the one at `path`."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


def story_of_working_time(person: Person, unit: Unit, count: int = 20) -> LatestEvents | None:
    """How the closures and the office hours of `unit` came about, newest first, each with what changed; None where
    `person` reads of nothing."""
    told = visible_events(person).filter(unit_id=unit.pk)
    found = told.filter(Q(noun="organisation.closure") | Q(verb="unit.hours_changed")).order_by("-sequence")
    events = list(found[: count + 1])
    if not events:
        return None
    return LatestEvents(f"organisation.unit:{unit.pk}", explained(person, events[:count]), is_cut=len(events) > count)
