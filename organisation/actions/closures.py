from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict
from organisation.models import Closure, Person, Unit
from organisation.working_time import tell_changed

ADDED = audit.tell("closure.added", _("%(actor)s added this closure"))
CHANGED = audit.tell("closure.changed", _("%(actor)s changed this closure"))
REMOVED = audit.tell("closure.removed", _("%(actor)s removed this closure"))
HOURS = audit.tell("unit.hours_changed", _("%(actor)s changed the office hours"))
FIELDS = ("names", "first", "last", "since", "until")


@action
def add_closure(*, unit: Unit, by: Person | None, **facts: Any) -> Closure:
    """`unit` and all below it are closed as `facts` say: names, first, last, and since and until where not all day."""
    if by is not None:
        policy.require(by, Permission.UNIT_MANAGE, unit)
    closure = Closure(unit=unit, **facts)
    closure.full_clean()
    closure.save()
    audit.record(verb=ADDED, thing=closure, by=by, **_told(closure))
    tell_changed(unit)
    return closure


@action
def change_closure(*, closure: Closure, by: Person, **facts: Any) -> Closure:
    """The event holds what changed, old and new. Nothing happens where nothing changes."""
    locked = _lock(closure, CHANGED)
    policy.require(by, Permission.UNIT_MANAGE, locked.unit)
    before = _told(locked)
    for field, value in facts.items():
        setattr(locked, field, value)
    locked.full_clean()
    if _told(locked) == before:
        return locked
    locked.save(update_fields=list(facts))
    audit.record(verb=CHANGED, thing=locked, by=by, **audit.differences(before, _told(locked)))
    tell_changed(locked.unit)
    return locked


@action
def remove_closure(*, closure: Closure, by: Person) -> None:
    """The service is open again on these days; the event holds what they were."""
    locked = _lock(closure, REMOVED)
    policy.require(by, Permission.UNIT_MANAGE, locked.unit)
    audit.record(verb=REMOVED, thing=locked, by=by, **_told(locked))
    unit = locked.unit
    locked.delete()
    tell_changed(unit)


@action
def set_office_hours(*, unit: Unit, hours: Sequence[Sequence[str]], by: Person) -> Unit:
    """When `unit` is open on each weekday from Monday; empty for the hours of the unit above."""
    locked = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    policy.require(by, Permission.UNIT_MANAGE, locked)
    before = audit.values_of(locked, ["office_hours"])
    locked.office_hours = [list(day) for day in hours]
    locked.clean_fields()
    if locked.office_hours == before["office_hours"]:
        return locked
    locked.save(update_fields=["office_hours"])
    audit.record(
        verb=HOURS, thing=locked, by=by, **audit.differences(before, audit.values_of(locked, ["office_hours"]))
    )
    tell_changed(locked)
    return locked


def _lock(closure: Closure, verb: str) -> Closure:
    """Conflict where somebody has removed it meanwhile."""
    locked = Closure.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=closure.pk).first()
    if locked is None:
        raise Conflict(closure, verb)
    return locked


def _told(closure: Closure) -> dict[str, Any]:
    """As an event holds it."""
    facts = {name: getattr(closure, name) for name in FIELDS}
    return {name: value if name == "names" or value is None else value.isoformat() for name, value in facts.items()}
