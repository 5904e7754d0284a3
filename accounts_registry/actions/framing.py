"""The frame of a vote or a decision, held: its session stays as it is until the act is over."""

from __future__ import annotations

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.session import WRITTEN_LIFECYCLE, ItemResult
from accounts_registry.models import AgendaItem, CommitteeSession, Decision, JustificationDossier
from accounts_registry.queries.committee import Tally
from accounts_registry.queries.frames import LIVE, Frame, all_have_voted, frame_of
from organisation import locks
from organisation.actions import perform
from organisation.lifecycle import Outdated


def hold_session(dossier: JustificationDossier) -> CommitteeSession | None:
    """The session on whose agenda `dossier` waits, locked; None where no agenda has it. Before the dossier's own lock,
    as everywhere: sessions first."""
    waits_for = AgendaItem.objects.filter(LIVE, dossier=dossier).values_list("session", flat=True).first()
    return locks.take(CommitteeSession.objects.select_related("unit"), waits_for) if waits_for else None


def held_frame(dossier: JustificationDossier, session: CommitteeSession | None) -> Frame:
    """The frame of a dossier that is locked behind `session`; refused where an agenda took or lost it meanwhile."""
    frame = frame_of(dossier)
    if (frame.session.pk if frame.session else None) != (session.pk if session else None):
        raise Outdated(_("The agenda changed since you opened the page. Look at it again."))
    return frame


def end_if_all_voted(frame: Frame, dossier: JustificationDossier) -> None:
    """Nothing is left to wait for: the written procedure is over with the last vote."""
    if frame.procedure is not None and frame.procedure.is_running and all_have_voted(dossier):
        perform(WRITTEN_LIFECYCLE, "end", frame.procedure, by=None)


def end_if_over(frame: Frame) -> None:
    """A decision does not wait for the worker that ends what is over."""
    if frame.procedure is not None and frame.procedure.is_running:
        perform(WRITTEN_LIFECYCLE, "end", frame.procedure, by=None)


def settle(frame: Frame, result: ItemResult, *, to: CommitteeSession | None = None, note: str = "") -> None:
    """The point of the agenda is dealt with. Put off, its dossier comes last on the agenda of `to`; `note` is why."""
    item = frame.item
    if item is None:
        return
    AgendaItem.objects.filter(pk=item.pk).update(result=result, settled_at=Now(), deferred_to=to, note=note)
    if to is not None:
        last = AgendaItem.objects.filter(session=to).order_by("-position").values_list("position", flat=True).first()
        AgendaItem.objects.create(session=to, dossier=item.dossier, position=(last or 0) + 1)


def keep_frame(decision: Decision, frame: Frame, votes: Tally) -> None:
    """With the decision: where it was taken, and who of those who vote was there at this moment."""
    decision.session = frame.open_session
    decision.procedure = frame.procedure if frame.open_session is None else None
    decision.save(update_fields=["session", "procedure"])
    if frame.open_session is not None:
        decision.present.set(votes.present)
