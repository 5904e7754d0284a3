"""Which steps one thing takes: its unit's, and those of every other unit in whose name it speaks."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Now

from approvals.enums import Place
from approvals.models import Route, Step
from approvals.queries.backing import place_of
from approvals.queries.routes import nearest_routes
from approvals.subjects import Subject
from organisation.models import Person, Unit


def first_step(subject: Subject, thing: Any, by: Person) -> Step | None:
    """Where it begins; None where no route is set for any of its units.

    Whoever writes chooses the unit: what is set for an account's unit holds whatever unit the thing is written in.
    """
    own = thing.unit.path
    met = nearest_routes(subject.kind, {own, *subject.reach(thing)})
    route = met.get(own)
    if any(other != route for other in met.values()):
        route = _composed(subject.kind, thing.unit, met, by)
    return route.steps.first() if route else None


def _composed(kind: str, unit: Unit, met: dict[str, Route], by: Person) -> Route:
    """A route of this one request, never in force: the steps of all of them, its own unit's first, and each once."""
    places = list(Unit.objects.filter(path__in=met).order_by("path"))
    places.sort(key=lambda one: one.pk != unit.pk)
    asked: dict[tuple[str, str], int] = {}
    for place in places:
        for step in met[place.path].steps.all():
            key = (place_of(step, place), step.role)
            asked[key] = max(asked.get(key, 0), step.hands)
    if not any(path == unit.path for path, _role in asked):
        asked = {(unit.path, ""): 1, **asked}
    route = Route.objects.create(unit=unit, kind=kind, made_by=by, ended_by=by, ended_at=Now())
    units = {one.path: one for one in Unit.objects.filter(path__in=[path for path, _role in asked])}
    steps = enumerate(asked.items(), start=1)
    Step.objects.bulk_create(_step(route, number, units[path], role, hands) for number, ((path, role), hands) in steps)
    return route


def _step(route: Route, position: int, place: Unit, role: str, hands: int) -> Step:
    """The same place, as seen from the unit of `route`."""
    if place.pk == route.unit.pk:
        where = Place.OWN
    else:
        where = Place.CENTRE if place.path == route.unit.path[: Unit.steplen] else Place.PEER
    other = place if where == Place.PEER else None
    return Step(route=route, position=position, place=where, unit=other, role=role, hands=hands)
