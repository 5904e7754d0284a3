"""What a unit asks of whoever publishes in its name: set by who changes units, and asked before the human act."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.actions.authority import actor
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Outdated, Refused
from organisation.models import Person, PublishingGate, TrainingModule, Unit
from organisation.queries.gates import asked_in, gates_over, lacks, stopped_by, token_of
from organisation.queries.units import paths_above
from organisation.training import GateLevel

SET = audit.tell("unit.gate_set", _("%(actor)s changed what is asked of whoever publishes for this unit"))
_ORDER = ("", GateLevel.OFF, GateLevel.WARN, GateLevel.REQUIRE)


@action
def set_gate(
    *,
    unit: Unit,
    policy_level: str,
    training_level: str,
    module: TrainingModule | None,
    reason: str,
    seen: str,
    by: Person,
) -> PublishingGate:
    """`unit` asks for this from now on, and each unit below that says nothing itself; "" asks what the unit above asks.
    `seen` is the token of whom it would stop (`queries.gates`): Outdated where they are others by now. Whoever asks for
    less than a unit above decides for that unit too."""
    by = actor(by)
    locked = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    policy.require(by, Permission.UNIT_MANAGE, locked)
    _require_sense(locked, policy_level, training_level, module)
    _require_above(locked, policy_level, training_level, module, by)
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    stopped = stopped_by(locked, policy_level, training_level, module)
    if seen != token_of(stopped, policy_level, training_level, module):
        raise Outdated(_("Whom this would stop is different by now: look at it again, then decide."))
    gate = PublishingGate.objects.filter(unit=locked).first() or PublishingGate(unit=locked)
    before = audit.values_of(gate, ("policy", "training", "module"))
    gate.policy, gate.training, gate.module = policy_level, training_level, module
    told = audit.differences(before, audit.values_of(gate, ("policy", "training", "module")))
    if not told["changes"]:
        raise Refused(_("This unit asks for exactly that already."))
    gate.save()
    audit.record(verb=SET, thing=locked, by=by, reason=reason.strip(), stops=len(stopped), **told)
    return gate


def _require_sense(unit: Unit, policy_level: str, training_level: str, module: TrainingModule | None) -> None:
    if policy_level not in _ORDER:
        raise Refused(_("Choose how far the gate goes."), field="policy_level")
    if training_level not in _ORDER:
        raise Refused(_("Choose how far the gate goes."), field="training_level")
    asks = training_level in (GateLevel.WARN, GateLevel.REQUIRE)
    if asks and (module is None or not module.is_given or module.unit.path not in paths_above(unit.path)):
        raise Refused(_("Choose a training that is given here."), field="module")
    if not asks and module is not None:
        raise Refused(_("No training is asked for: choose none."), field="module")


def _require_above(unit: Unit, policy_level: str, training_level: str, module: Any, by: Person) -> None:
    """PermissionDenied where `by` asks for less than a unit does that they do not keep."""
    above = {path: gate for path, gate in gates_over([unit]).items() if path != unit.path}
    asks = asked_in(unit.path, above)
    loosens = policy_level and _ORDER.index(policy_level) < _ORDER.index(asks.policy)
    if loosens and asks.policy_from:
        policy.require(by, Permission.UNIT_MANAGE, asks.policy_from)
    less = training_level and _ORDER.index(training_level) < _ORDER.index(asks.training)
    other = training_level and asks.training != GateLevel.OFF and module != asks.module
    if (less or other) and asks.training_from:
        policy.require(by, Permission.UNIT_MANAGE, asks.training_from)


def require_cleared(*, person: Person, unit: Unit) -> None:
    """Refused, with a sentence for each thing, where `person` lacks what `unit` requires of who publishes for it."""
    missing = [lack.sentence for lack in lacks(person, unit) if lack.is_required]
    if missing:
        raise Refused(*missing)
