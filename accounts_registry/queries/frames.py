"""In what frame a dossier is decided: in a session, by written procedure, or by neither.

One mechanism decides (`actions/votes.py`); the frame says whose votes count, and whether it is the time for a decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.session import HERE, ItemResult, SessionState, WrittenState
from accounts_registry.models import AgendaItem, Attendance, CommitteeSession, JustificationDossier, WrittenProcedure
from accounts_registry.queries.committee import tally
from organisation.clock import database_today
from organisation.dates import dated
from organisation.models import Person

LIVE = Q(result=ItemResult.PENDING, session__state__in=[SessionState.PLANNED, SessionState.OPEN])


@dataclass(frozen=True)
class Frame:
    """`item`: on which agenda it waits, with its session; `procedure`: the latest of its round, where no session has
    it."""

    item: AgendaItem | None = None
    procedure: WrittenProcedure | None = None

    @property
    def session(self) -> CommitteeSession | None:
        return self.item.session if self.item else None

    @property
    def open_session(self) -> CommitteeSession | None:
        return self.session if self.session is not None and self.session.is_open else None

    @property
    def needs_session(self) -> bool:
        """A member asked for a session, and no agenda has it yet."""
        return self.procedure is not None and self.procedure.state == WrittenState.HALTED

    @property
    def is_over(self) -> bool:
        """True where it was voted on in writing, and no vote comes in any more."""
        return self.procedure is not None and not self.needs_session and _votes_closed(self.procedure)


def _votes_closed(procedure: WrittenProcedure) -> bool:
    """By the clock of the database: a worker that is late keeps no vote open."""
    return not procedure.is_running or procedure.ends_on < database_today(procedure.dossier.unit.zone)


def frame_of(dossier: JustificationDossier) -> Frame:
    """In which frame `dossier` stands now. One query, two where no agenda has it."""
    item = AgendaItem.objects.filter(LIVE, dossier=dossier).select_related("session__unit").first()
    if item is not None:
        return Frame(item=item)
    found = WrittenProcedure.objects.filter(dossier=dossier, round=dossier.round).order_by("-pk").first()
    if found is not None:
        found.dossier = dossier
    return Frame(procedure=found)


def is_here(person: Person, session: CommitteeSession) -> bool:
    return Attendance.objects.filter(session=session, member=person, presence__in=HERE).exists()


def against_vote(frame: Frame, by: Person) -> Iterator[Any]:
    """Why `by` cannot vote now, in words."""
    if frame.open_session is not None and not is_here(by, frame.open_session):
        yield _("This dossier is dealt with in a session, and you are not noted as being there.")
    if frame.is_over:
        yield _("The written procedure on this dossier is over: no vote comes in any more.")


def against_decision(frame: Frame, by: Person) -> Iterator[Any]:
    """Why nothing is decided now, in words."""
    if frame.session is not None and frame.open_session is None:
        yield _("This dossier is on the agenda of the session of %(day)s, and is decided there.") % {
            "day": dated(frame.session.day, "j F Y")
        }
    elif frame.open_session is not None and not is_here(by, frame.open_session):
        yield _("This dossier is dealt with in a session, and you are not noted as being there.")
    elif frame.needs_session:
        yield _("A member asked that this dossier be dealt with in a session: put it on the agenda of one.")
    elif frame.procedure is not None and not frame.is_over:
        yield _("The written procedure on this dossier runs until %(day)s, or until all have voted.") % {
            "day": dated(frame.procedure.ends_on, "j F Y")
        }


def all_have_voted(dossier: JustificationDossier) -> bool:
    votes = tally(dossier)
    return bool(votes.voting) and votes.cast == votes.voting_members


def over_in_writing() -> QuerySet[WrittenProcedure]:
    """Running ones; the guard of their end looks whether they are over."""
    return WrittenProcedure.objects.filter(state=WrittenState.RUNNING).order_by("ends_on", "pk")


# ---- Which dossiers wait for a vote, or for the chair ----------------------------------------------------------------
_ITEMS = AgendaItem.objects.filter(LIVE, dossier=OuterRef("pk"))
_WRITTEN = WrittenProcedure.objects.filter(dossier=OuterRef("pk"), round=OuterRef("round"))
ON_AN_AGENDA = Exists(_ITEMS)
IN_A_PLANNED_SESSION = Exists(_ITEMS.filter(session__state=SessionState.PLANNED))
VOTED_IN_WRITING = Exists(_WRITTEN.filter(state=WrittenState.ENDED)) & ~Exists(_WRITTEN.filter(state="running"))
HALTED = Exists(_WRITTEN.filter(state=WrittenState.HALTED))
RUNNING = Exists(_WRITTEN.filter(state=WrittenState.RUNNING))
# Nobody votes on it now: its session is to come, or its written procedure is over.
NOT_VOTED_ON = IN_A_PLANNED_SESSION | (VOTED_IN_WRITING & ~ON_AN_AGENDA)
# Nobody decides on it now.
NOT_DECIDED_ON = IN_A_PLANNED_SESSION | ((HALTED | RUNNING) & ~ON_AN_AGENDA)


def for_an_agenda(session_unit_path: str, session: CommitteeSession | None = None) -> QuerySet[JustificationDossier]:
    """Dossiers before the committee at this root that wait for no other session, and are not voted on in writing."""
    theirs = JustificationDossier.objects.filter(
        unit__path__startswith=session_unit_path, state__in=["in_review", "deferred"]
    )
    elsewhere = _ITEMS if session is None else _ITEMS.exclude(session=session)
    free = theirs.exclude(Exists(elsewhere)).exclude(RUNNING)
    return free.select_related("unit").order_by(F("submitted_at").asc(nulls_last=True), "pk")
