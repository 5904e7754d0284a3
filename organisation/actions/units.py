from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.working_time import tell_changed

CREATED = audit.tell("unit.created", _("%(actor)s created this unit"))
UPDATED = audit.tell("unit.updated", _("%(actor)s changed this unit"))


@action
def create_unit(*, parent: Unit | None, by: Person | None, **facts: Any) -> Unit:
    """A unit below `parent`. A root (no parent) is made by the set-up only, without a person."""
    if parent is None:
        if by is not None:
            raise PermissionError("an organisation is made by the set-up")
        unit = Unit(**facts)
        unit.full_clean(exclude=["path", "depth", "numchild"])
        unit = Unit.objects.add_root(instance=unit)
    else:
        if by is not None:
            policy.require(by, Permission.UNIT_MANAGE, parent)
            policy.require_governing(by, parent, "", facts.get("governance_model", ""))
        unit = Unit(**facts)
        unit.full_clean(exclude=["path", "depth", "numchild"])
        unit = Unit.objects.add_child(Unit.objects.get(pk=parent.pk), instance=unit)
    if by is not None:
        by.forget_grants()
    audit.record(verb=CREATED, thing=unit, by=by, slug=unit.slug)
    return unit


@action
def update_unit(*, unit: Unit, by: Person, **facts: Any) -> Unit:
    """Changes `facts` of a unit; its place in the tree stays. By which model it is governed, the centre changes."""
    locked = Unit.objects.select_for_update().get(pk=unit.pk)
    policy.require(by, Permission.UNIT_MANAGE, locked)
    policy.require_governing(
        by, locked, locked.governance_model, facts.get("governance_model", locked.governance_model)
    )
    before = audit.values_of(locked, facts)
    for field, value in facts.items():
        setattr(locked, field, value)
    locked.full_clean()
    locked.save(update_fields=list(facts))
    by.forget_grants()
    audit.record(verb=UPDATED, thing=locked, by=by, **audit.differences(before, audit.values_of(locked, facts)))
    if {"working_calendar", "time_zone", "office_hours"} & facts.keys():
        tell_changed(locked)
    return locked
