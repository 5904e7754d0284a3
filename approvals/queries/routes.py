"""Routes as they are in force, and how far a request has come on its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from approvals.enums import Place, RequestState
from approvals.models import Decision, Request, Route, Step
from approvals.queries.requests import hands_of, steps_of
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import within


def visible_routes(person: Person) -> QuerySet[Route]:
    """In force, in units whose trail the person reads: it tells of them too."""
    found = Route.objects.filter(within(person, Permission.AUDIT_VIEW), ended_at__isnull=True)
    return found.select_related("unit", "made_by").prefetch_related("steps__unit").order_by("unit__path", "kind")


def route_in(unit: Unit, kind: str) -> Route | None:
    """The one that is set in exactly this unit."""
    return Route.objects.filter(unit=unit, kind=kind, ended_at__isnull=True).select_related("unit").first()


def nearest_routes(kind: str, paths: Collection[str]) -> dict[str, Route]:
    """For each of the paths (of units) the route that holds there, with its steps; no entry where none is set."""
    above = {path[:length] for path in paths for length in range(Unit.steplen, len(path) + 1, Unit.steplen)}
    found = Route.objects.filter(unit__path__in=above, kind=kind, ended_at__isnull=True).order_by("unit__depth")
    met: dict[str, Route] = {}
    for route in found.select_related("unit").prefetch_related("steps__unit"):  # the nearer ones come later
        met |= {path: route for path in paths if path.startswith(route.unit.path)}
    return met


def routes_above(unit: Unit, kind: str) -> QuerySet[Route]:
    """All that are set above it, the nearest first: that one holds where none is set in the unit itself."""
    above = [unit.path[:length] for length in range(unit.steplen, len(unit.path), unit.steplen)]
    found = Route.objects.filter(unit__path__in=above, kind=kind, ended_at__isnull=True)
    return found.select_related("unit").order_by("-unit__depth")


@dataclass(frozen=True)
class StepTaken:
    """A step of a request: who took it so far, and whether it is the one that waits."""

    step: Step
    unit: Unit
    waits: bool
    taken: Sequence[Decision] = field(default_factory=list)

    @property
    def who(self) -> str | Promise:
        """Whose step it is, as people say it."""
        if self.step.place == Place.PEER:
            return str(self.step.unit)
        return _("the centre") if self.step.place == Place.CENTRE else str(self.unit)

    @property
    def missing(self) -> int:
        """How many people it still asks for."""
        return self.step.hands - len(self.taken)


def steps_taken(request: Request | None) -> list[StepTaken]:
    """Every step of a request that waits or is cleared; none where it has only the one of a single colleague."""
    if request is None or request.route_id is None or request.state not in (RequestState.OPEN, RequestState.CLEARED):
        return []
    hands = list(hands_of(request))
    waiting = request.asked_id if request.state == RequestState.OPEN else None
    return [
        StepTaken(one, request.unit, one.pk == waiting, [hand for hand in hands if hand.step_id == one.pk])
        for one in steps_of(request)
        if one is not None
    ]
