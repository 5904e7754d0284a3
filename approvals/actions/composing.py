"""Which steps one thing takes: its unit's, and those of every other unit in whose name it speaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models.functions import Now

from approvals.enums import Place
from approvals.models import Route, Step
from approvals.queries.routes import nearest_routes
from approvals.subjects import Subject
from organisation.models import Person, Unit

Asked = dict[tuple[str, str], int]  # so many people, by the path of the unit where they hold their right, and the role


def first_step(subject: Subject, thing: Any, by: Person) -> Step | None:
    """Where it begins; None where no route is set for any of its units.

    Whoever writes chooses the unit: what is set for an account's unit holds whatever unit the thing is written in, and
    asks for that unit's people where it asks for its own.
    """
    own = thing.unit.path
    met = nearest_routes(subject.kind, {own, *subject.reach(thing)})
    route = met.get(own)
    is_shared = any(other != route for other in met.values())
    if route is not None and not is_shared:
        is_shared = _tops(route, met) != [own] and any(step.place == Place.OWN for step in route.steps.all())
    if is_shared:
        route = _composed(subject.kind, thing.unit, met, by)
    return route.steps.first() if route else None


def _tops(route: Route, met: Mapping[str, Route]) -> list[str]:
    """The units for which `route` holds, without those below another of them: whose people reach the one reach these
    too."""
    paths = [path for path, other in met.items() if other == route]
    return sorted(path for path in paths if not any(path != one and path.startswith(one) for one in paths))


def _composed(kind: str, unit: Unit, met: Mapping[str, Route], by: Person) -> Route:
    """A route of this one request, never in force: the steps of all of them, its own unit's first, and each once."""
    asked: Asked = {}
    for path, role, hands in _steps(unit, met):
        asked[path, role] = max(asked.get((path, role), 0), hands)
    if unit.path not in met and not any(path == unit.path for path, _role in asked):
        asked = {(unit.path, ""): 1, **asked}
    route = Route.objects.create(unit=unit, kind=kind, made_by=by, ended_by=by, ended_at=Now())
    units = {one.path: one for one in Unit.objects.filter(path__in=[path for path, _role in asked])}
    steps = enumerate(asked.items(), start=1)
    Step.objects.bulk_create(_step(route, number, units[path], role, hands) for number, ((path, role), hands) in steps)
    return route


def _steps(unit: Unit, met: Mapping[str, Route]) -> Iterator[tuple[str, str, int]]:
    own = met.get(unit.path)
    routes = {route.pk: route for _path, route in sorted(met.items())}.values()
    for route in sorted(routes, key=lambda one: one != own):
        tops = _tops(route, met)
        tops.sort(key=lambda path: path != unit.path)
        for step in route.steps.all():
            for path in tops if step.place == Place.OWN else tops[:1]:
                yield _place(step, path), step.role, step.hands


def _place(step: Step, path: str) -> str:
    """Of the unit in which whoever takes `step` for the unit at `path` holds their right."""
    if step.place == Place.OWN:
        return path
    return step.unit.path if step.unit else path[: Unit.steplen]


def _step(route: Route, position: int, place: Unit, role: str, hands: int) -> Step:
    """The same place, as seen from the unit of `route`."""
    if place.pk == route.unit.pk:
        where = Place.OWN
    else:
        where = Place.CENTRE if place.path == route.unit.path[: Unit.steplen] else Place.PEER
    other = place if where == Place.PEER else None
    return Step(route=route, position=position, place=where, unit=other, role=role, hands=hands)
