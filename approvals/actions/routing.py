"""Which steps things of a kind take in a unit and below. What is under way keeps the steps it began with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from approvals.enums import Place
from approvals.models import Route, Step
from approvals.models.route import MOST_HANDS
from approvals.queries.routes import route_in, routes_above
from approvals.subjects import subject
from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person, Unit
from organisation.roles import holding

SET = audit.tell("route.set", _("%(actor)s set the steps of approval"))
ENDED = audit.tell("route.ended", _("%(actor)s took the steps of approval away"))


@dataclass(frozen=True)
class NewStep:
    """`unit` is the other unit where `place` is one; without a `role` any that may approve will do."""

    place: str
    unit: Unit | None = None
    role: str = ""
    hands: int = 1


@action
def set_route(*, unit: Unit, kind: str, steps: Sequence[NewStep], by: Person) -> Route:
    """From now on things of `kind` take these steps in `unit`, and below where nothing nearer is set.

    Who sets one below others administers the units of all of them: nobody loosens from below what was set above, also
    where an older one of their own stands between.
    """
    locked = _lock(unit)
    _require(locked, kind, by)
    _check(locked, kind, steps)
    if (before := route_in(locked, kind)) is not None:
        _end(before, by)
    route = Route.objects.create(unit=locked, kind=kind, made_by=by)
    Step.objects.bulk_create(
        Step(route=route, position=position, place=one.place, unit=one.unit, role=one.role, hands=one.hands)
        for position, one in enumerate(steps, start=1)
    )
    told = [[one.place, one.unit.pk if one.unit else None, one.role, one.hands] for one in steps]
    audit.record(verb=SET, thing=route, by=by, kind=kind, steps=told)
    return route


@action
def end_route(*, route: Route, by: Person) -> Route:
    """What is submitted from now on takes the steps set above, or the one of a single colleague. Conflict when another
    route has taken its place."""
    locked = _lock(route.unit)
    _require(locked, route.kind, by)
    current = route_in(locked, route.kind)
    if current is None or current.pk != route.pk:
        raise Conflict(route, "end")
    _end(current, by)
    audit.record(verb=ENDED, thing=current, by=by, kind=current.kind)
    return current


def _lock(unit: Unit) -> Unit:
    """Routes of one unit are set one after the other, and behind those above it: one that is being set there binds."""
    above = [unit.path[:length] for length in range(Unit.steplen, len(unit.path) + 1, Unit.steplen)]
    return list(Unit.objects.filter(path__in=above).order_by("path").select_for_update())[-1]


def _require(unit: Unit, kind: str, by: Person) -> None:
    policy.require(by, Permission.UNIT_MANAGE, unit)
    for above in routes_above(unit, kind):
        policy.require(by, Permission.UNIT_MANAGE, above.unit)


def _end(route: Route, by: Person) -> None:
    Route.objects.filter(pk=route.pk).update(ended_at=Now(), ended_by=by)


def _check(unit: Unit, kind: str, steps: Sequence[NewStep]) -> None:
    """Raises Refused, at the field of the step, with what nobody could ever take."""
    if not steps:
        raise Refused(_("Name at least one step."), field="place_1")
    roles = holding(subject(kind).permission)
    for position, one in enumerate(steps, start=1):
        if one.role and one.role not in roles:
            raise Refused(_("Nobody with this role may approve such things."), field=f"role_{position}")
        if (one.place == Place.PEER) != (one.unit is not None):
            raise Refused(_("Choose which other unit, and only for a step of another unit."), field=f"unit_{position}")
        if one.unit is not None and not _is_beside(one.unit, unit):
            raise Refused(_("Choose a unit beside this one, of the same organisation."), field=f"unit_{position}")
        if not 1 <= one.hands <= MOST_HANDS:
            raise Refused(
                _("Between one and %(most)s people take a step.") % {"most": MOST_HANDS}, field=f"hands_{position}"
            )


def _is_beside(other: Unit, unit: Unit) -> bool:
    """Neither above nor below: those are the centre's, and the unit's own."""
    same = other.path[: Unit.steplen] == unit.path[: Unit.steplen]
    return same and not other.path.startswith(unit.path) and not unit.path.startswith(other.path)
