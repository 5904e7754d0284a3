from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crisis.enums import CRISIS_LIFECYCLE, Freeze
from crisis.models import Crisis, CrisisStep, LogEntry, Playbook
from crisis.policy import DECLARED_ABOVE, declared_from, may_end
from crisis.queries import freeze_of
from delivery.actions import lift_hold, place_hold
from organisation import audit, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person, Unit

DECLARED = audit.tell("crisis.declared", _("%(actor)s declared this"))
FROZEN = audit.tell("crisis.frozen", _("%(actor)s tied a freeze of publishing to this"))
THAWED = audit.tell("crisis.thawed", _("%(actor)s lifted this one's freeze of publishing"))
TICKED = audit.tell("crisis_step.ticked", _("%(actor)s did this step"))
UNTICKED = audit.tell("crisis_step.unticked", _("%(actor)s took back that this step was done"))
NOTED = audit.tell("crisis_log.noted", _("%(actor)s noted something"))


@action
def declare_crisis(
    *,
    playbook: Playbook,
    unit: Unit,
    title: str,
    reason: str,
    level: str,
    severity: int,
    by: Person,
    is_exercise: bool = False,
    freeze_scope: str = Freeze.NONE,
) -> Crisis:
    """Begins now, with the playbook's steps as they stand; freezes publishing at once where `freeze_scope` says so.

    An exercise freezes nothing: asking for both is refused.
    """
    # The steps and the edition belong together: nobody changes the playbook in between.
    playbook = Playbook.objects.select_for_update(of=("self",)).get(pk=playbook.pk)
    policy.require(by, Permission.CRISIS_LEAD, unit)
    if not reason.strip():
        raise Refused(_("Say what happened."), field="reason")
    if is_exercise and freeze_scope != Freeze.NONE:
        raise Refused(_("An exercise never freezes anything for real."), field="freeze_scope")
    facts = {"level": level, "severity": severity, "is_exercise": is_exercise, "reason": reason}
    crisis = Crisis.objects.create(
        unit=unit,
        playbook=playbook,
        playbook_edition=playbook.edition,
        title=title,
        declared_by=by,
        declared_from=declared_from(by, unit),
        **facts,
    )
    _copy_steps(playbook, crisis)
    audit.record(verb=DECLARED, thing=crisis, by=by, playbook=playbook.pk, edition=playbook.edition, **facts)
    if freeze_scope != Freeze.NONE:
        _freeze(crisis, scope=freeze_scope, reason=reason, by=by)
    return crisis


@action
def freeze(*, crisis: Crisis, scope: str, reason: str, by: Person) -> Crisis:
    """Stops every send in the crisis's unit, or in the whole organisation, until it is lifted."""
    locked = _locked(crisis)
    policy.require(by, Permission.CRISIS_LEAD, locked)
    if locked.is_exercise:
        raise Refused(_("An exercise never freezes anything for real."))
    if not locked.is_running or freeze_of(locked) is not None:
        raise Conflict(locked, "freeze")
    _freeze(locked, scope=scope, reason=reason, by=by)
    return locked


@action
def thaw(*, crisis: Crisis, by: Person, reason: str) -> Crisis:
    """Lifts the crisis's own freeze; others stay."""
    locked = _locked(crisis)
    policy.require(by, Permission.CRISIS_LEAD, locked)
    hold = freeze_of(locked)
    if hold is None:
        raise Conflict(locked, "thaw")
    lift_hold(hold=hold, by=by, reason=reason)
    audit.record(verb=THAWED, thing=locked, by=by, hold=hold.pk, reason=reason)
    return locked


@action
def tick_step(*, step: CrisisStep, by: Person) -> CrisisStep:
    """`by` did it, now. Conflict when somebody else ticked it meanwhile."""
    locked = _locked_step(step)
    policy.require(by, Permission.CRISIS_LEAD, locked)
    if locked.done_at is not None or not locked.crisis.is_running:
        raise Conflict(locked.crisis, "tick")
    CrisisStep.objects.filter(pk=locked.pk).update(done_by=by, done_at=Now())
    audit.record(verb=TICKED, thing=locked, by=by, crisis=locked.crisis_id, step=locked.text)
    locked.refresh_from_db(fields=["done_by", "done_at"])
    return locked


@action
def untick_step(*, step: CrisisStep, by: Person) -> CrisisStep:
    """It was not done after all; who had ticked it stays in the audit trail."""
    locked = _locked_step(step)
    policy.require(by, Permission.CRISIS_LEAD, locked)
    if locked.done_at is None or not locked.crisis.is_running:
        raise Conflict(locked.crisis, "untick")
    CrisisStep.objects.filter(pk=locked.pk).update(done_by=None, done_at=None)
    audit.record(verb=UNTICKED, thing=locked, by=by, crisis=locked.crisis_id, step=locked.text)
    locked.refresh_from_db(fields=["done_by", "done_at"])
    return locked


@action
def add_note(*, crisis: Crisis, text: str, by: Person) -> LogEntry:
    """One more line in the log; its words stay in the log and out of the audit trail."""
    locked = _locked(crisis)
    policy.require(by, Permission.CRISIS_LEAD, locked)
    if not text.strip():
        raise Refused(_("Write what happened."), field="text")
    if not locked.is_running:
        raise Conflict(locked, "note")
    entry = LogEntry.objects.create(crisis=locked, text=text.strip(), by=by)
    audit.record(verb=NOTED, thing=entry, by=by, crisis=locked.pk)
    return entry


@action
def end_crisis(*, crisis: Crisis, by: Person, reason: str) -> Crisis:
    """It is over. Its freeze has to be lifted before, on purpose, by somebody who may."""
    if not reason.strip():
        raise Refused(_("Say why it is over."), field="reason")
    locked = _locked(crisis)
    policy.require(by, Permission.CRISIS_LEAD, locked)
    if not may_end(by, locked):
        raise PermissionDenied(DECLARED_ABOVE)
    changes = {"ended_at": database_now()}
    return perform(CRISIS_LIFECYCLE, "end", crisis, by=by, changes=changes, details={"reason": reason})


def _copy_steps(playbook: Playbook, crisis: Crisis) -> None:
    CrisisStep.objects.bulk_create(
        CrisisStep(crisis=crisis, phase=item.phase, position=item.position, text=item.text)
        for item in playbook.items.all()
    )


def _freeze(crisis: Crisis, *, scope: str, reason: str, by: Person) -> None:
    hold = place_hold(scope=scope, unit=crisis.unit, reason=reason, by=by)
    crisis.hold = hold
    crisis.save(update_fields=["hold"])
    audit.record(verb=FROZEN, thing=crisis, by=by, hold=hold.pk, scope=scope)


def _locked(crisis: Crisis) -> Crisis:
    return Crisis.objects.select_for_update(of=("self",)).select_related("unit").get(pk=crisis.pk)


def _locked_step(step: CrisisStep) -> CrisisStep:
    """The crisis first: whoever ends it waits for the tick, or the tick finds it ended."""
    _locked(step.crisis)
    rows = CrisisStep.objects.select_for_update(of=("self",)).select_related("crisis", "crisis__unit")
    return rows.get(pk=step.pk)
