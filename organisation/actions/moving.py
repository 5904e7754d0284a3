"""A unit stands elsewhere in the tree: by who administers both places, and has seen what changes for whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.actions.authority import actor, lock_authority
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Outdated, Refused
from organisation.models import Person, Unit
from organisation.moves import against_moving
from organisation.queries.governing import token_of
from organisation.queries.moving import effects_of_move, model_after
from organisation.queries.units import model_of, unit_above
from organisation.working_time import tell_changed

MOVED = audit.tell("unit.moved", _("%(actor)s moved this unit to another place in the organisation"))


@action
def move_unit(*, unit: Unit, parent: Unit, reason: str, seen: str, by: Person) -> Unit:
    """`unit`, with all below it, stands below `parent` from here on: who holds a role above it there reaches it, and
    who held one above it here no longer does. `seen` is the token of the effects that were shown (`queries.moving`).

    By who administers the unit, the one above it now and the one above it then; by the centre where it would be
    governed by another model. What happened in it stays its own, told of it as it was.
    """
    lock_authority()
    by = actor(by)
    # Behind the lock no unit moves: paths are as they are read here.
    locked = Unit.objects.select_for_update().get(pk=unit.pk)
    above, parent = unit_above(locked), Unit.objects.get(pk=parent.pk)
    policy.require(by, Permission.UNIT_MANAGE, locked)
    if above is None:
        raise Refused(_("An organisation stands below nothing: it does not move."), field="parent")
    policy.require(by, Permission.UNIT_MANAGE, above)
    policy.require(by, Permission.UNIT_MANAGE, parent)
    _require_a_place(locked, above, parent)
    policy.require_governing(by, locked, model_of(locked), model_after(locked, parent))
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    if reasons := against_moving(locked, parent):
        raise Refused(*reasons, field="parent")
    effects = effects_of_move(locked, parent)
    if seen != token_of(effects):
        raise Outdated(_("What would change for whom is different by now: look at it again, then decide."))
    Unit.objects.move(locked, parent, pos="last-child")
    locked.refresh_from_db()
    by.forget_grants()
    people = {person.pk for effect in effects for person in effect.people}
    told = audit.differences({"unit": above.pk}, {"unit": parent.pk})
    audit.record(verb=MOVED, thing=locked, by=by, reason=reason.strip(), people=len(people), **told)
    tell_changed(locked)
    return locked


def _require_a_place(unit: Unit, above: Unit, parent: Unit) -> None:
    if parent.path.startswith(unit.path):
        raise Refused(_("A unit does not stand below itself, or below what stands below it."), field="parent")
    if parent.path[: Unit.steplen] != unit.path[: Unit.steplen]:
        raise Refused(_("A unit stays within its organisation."), field="parent")
    if parent.pk == above.pk:
        raise Refused(_("This unit stands there already."), field="parent")
