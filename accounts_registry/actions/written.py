"""Written procedure: a dossier is voted on between sessions until a day, or until a member asks for a session."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.framing import held_frame, hold_session
from accounts_registry.enums import WRITTEN_LIFECYCLE, DossierState
from accounts_registry.models import JustificationDossier, WrittenProcedure
from accounts_registry.queries.frames import over_in_writing
from organisation import audit, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

BEGUN = audit.tell("dossier.put_to_writing", _("%(actor)s put this dossier to a vote in writing"))


@action
def begin_written(*, dossier: JustificationDossier, by: Person, ends_on: date) -> WrittenProcedure:
    """Votes come in until the end of `ends_on`, a day to come where the dossier's unit works."""
    session = hold_session(dossier)
    locked = locks.take(JustificationDossier.objects.select_related("unit"), dossier.pk)
    policy.require(by, Permission.DOSSIER_DECIDE, locked)
    if locked.state != DossierState.IN_REVIEW:
        raise Conflict(locked, "put_to_writing")
    frame = held_frame(locked, session)
    if frame.session is not None:
        raise Refused(_("This dossier is on the agenda of a session: take it off first."))
    if frame.needs_session:
        raise Refused(_("A member asked that this dossier be dealt with in a session: put it on the agenda of one."))
    if frame.procedure is not None and frame.procedure.is_running:
        raise Refused(_("It is put to a vote in writing already."))
    if ends_on <= database_today(locked.unit.zone):
        raise Refused(_("This day is over. Choose a later one."), field="ends_on")
    begun = WrittenProcedure.objects.create(dossier=locked, round=locked.round, ends_on=ends_on, begun_by=by)
    audit.record(verb=BEGUN, thing=locked, by=by, ends_on=ends_on.isoformat())
    return begun


@action
def halt_written(*, procedure: WrittenProcedure, by: Person, reason: str) -> WrittenProcedure:
    """A member wants it dealt with in a session; the votes cast stand, and count there of whoever comes."""
    if not reason.strip():
        raise Refused(_("Say why it should be dealt with in a session."), field="reason")
    locks.take(JustificationDossier.objects.select_related("unit"), procedure.dossier_id)
    changes = {"halted_by": by, "reason": reason.strip()}
    return perform(WRITTEN_LIFECYCLE, "halt", procedure, by=by, changes=changes, details={"reason": reason.strip()})


def end_written() -> int:
    """Ends each written procedure that is over, in a transaction of its own; how many."""
    return sum(_ended(procedure) for procedure in over_in_writing())


def _ended(procedure: WrittenProcedure) -> bool:
    try:
        _end(procedure=procedure)
    except (Refused, Conflict):  # not over yet where its unit works, or ended or halted meanwhile
        return False
    return True


@action
def _end(*, procedure: WrittenProcedure) -> None:
    locks.take(JustificationDossier.objects.select_related("unit"), procedure.dossier_id)
    perform(WRITTEN_LIFECYCLE, "end", procedure, by=None)
