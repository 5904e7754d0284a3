"""By which model a unit is governed: changed by the centre, who has seen what changes for whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.actions.authority import actor, lock_authority
from organisation.audit import action
from organisation.enums import GovernanceModel, Permission
from organisation.lifecycle import Outdated, Refused
from organisation.models import Person, Unit
from organisation.queries.governing import effects_of, token_of

GOVERNED = audit.tell("unit.governed", _("%(actor)s changed by which model this unit is governed"))


@action
def change_governance(*, unit: Unit, model: str, reason: str, seen: str, by: Person) -> Unit:
    """`unit` is governed by `model` from here on, as the unit above where it is "". `seen` is the token of the effects
    that were shown (`queries.governing`); Outdated where they are others by now."""
    lock_authority()
    by = actor(by)
    locked = Unit.objects.select_for_update().get(pk=unit.pk)
    policy.require(by, Permission.UNIT_MANAGE, locked)
    policy.require_governing(by, locked, locked.governance_model, model)
    if model not in ("", *GovernanceModel.values) or (model == "" and locked.depth == 1):
        raise Refused(_("Choose one of the models."), field="model")
    if model == locked.governance_model:
        raise Refused(_("This unit is governed so already."), field="model")
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    effects = effects_of(locked, model)
    if seen != token_of(effects):
        raise Outdated(_("What would change for whom is different by now: look at it again, then decide."))
    before = audit.values_of(locked, ["governance_model"])
    locked.governance_model = model
    locked.save(update_fields=["governance_model"])
    told = audit.differences(before, audit.values_of(locked, ["governance_model"]))
    people = {person.pk for effect in effects for person in effect.people}
    audit.record(verb=GOVERNED, thing=locked, by=by, reason=reason, people=len(people), **told)
    return locked
