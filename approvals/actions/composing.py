"""Which steps one thing takes: its unit's, and those of every other unit in whose name it speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models.functions import Now

from approvals.enums import Place
from approvals.models import Route, Step
from approvals.models.route import MOST_HANDS
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
    """A route of this one request, never in force: what any of them asks for, its own unit's first. Where two ask for
    people of the same place and role, the same people stand for both, when the last of them asks."""
    asked: Asked = {}
    for one in _each(unit, met):
        asked |= {place: max(hands, asked.pop(place, 0)) for place, hands in one.items()}
    if unit.path not in met and not any(path == unit.path for path, _role in asked):
        asked = {(unit.path, ""): 1, **asked}
    route = Route.objects.create(unit=unit, kind=kind, made_by=by, ended_by=by, ended_at=Now())
    units = {one.path: one for one in Unit.objects.filter(path__in=[path for path, _role in asked])}
    portions = [(units[path], role, some) for (path, role), hands in asked.items() for some in _portions(hands)]
    Step.objects.bulk_create(_step(route, number, *portion) for number, portion in enumerate(portions, start=1))
    return route


def _each(unit: Unit, met: Mapping[str, Route]) -> Iterator[Asked]:
    """What each route asks for, for each unit whose own people it wants; the steps of one add up."""
    own = met.get(unit.path)
    routes = {route.pk: route for _path, route in sorted(met.items())}.values()
    for route in sorted(routes, key=lambda one: one != own):
        for path in sorted(_tops(route, met), key=lambda path: path != unit.path):
            asked = Counter[tuple[str, str]]()
            for step in route.steps.all():
                asked[_place(step, path), step.role] += step.hands
            yield dict(asked)


def _portions(hands: int) -> Iterator[int]:
    """So many people in as few steps as hold them."""
    while hands > 0:
        yield min(hands, MOST_HANDS)
        hands -= MOST_HANDS


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
