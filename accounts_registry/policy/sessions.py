"""The guards of what the committee decides, of its sessions, of votes in writing and of minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import (
    DOSSIER_LIFECYCLE,
    MINUTES_LIFECYCLE,
    SESSION_LIFECYCLE,
    WRITTEN_LIFECYCLE,
    DossierState,
    Outcome,
)
from accounts_registry.models import CommitteeSession, JustificationDossier, Minutes, WrittenProcedure
from accounts_registry.queries.advice import without_advice
from accounts_registry.queries.committee import tally
from accounts_registry.queries.consulting import unheard
from accounts_registry.queries.frames import all_have_voted
from organisation.clock import database_now, database_today
from organisation.models import Person
from organisation.queries.authority import same_hand

OPENS_BEFORE = timedelta(hours=1)


@SESSION_LIFECYCLE.guard("its_hour_has_come")
def its_hour_has_come(session: CommitteeSession, by: Any) -> Iterator[Any]:
    if database_now() < session.starts_at - OPENS_BEFORE:
        yield _("A session is opened from an hour before its time on.")
    if not session.items.exists():
        yield _("There is nothing on the agenda yet.")


@MINUTES_LIFECYCLE.guard("written_by_another")
def written_by_another(minutes: Minutes, by: Person) -> Iterator[Any]:
    if same_hand(by, minutes.written_by):
        yield _("You wrote these minutes, or count as who did: another member approves them.")


@WRITTEN_LIFECYCLE.guard("votes_are_in")
def votes_are_in(procedure: WrittenProcedure, by: Any) -> Iterator[Any]:
    """Its last day is over, all have voted, or the dossier is no longer before the committee."""
    is_late = procedure.ends_on < database_today(procedure.unit.zone)
    left = procedure.dossier.state != DossierState.IN_REVIEW or procedure.dossier.round != procedure.round
    if not (is_late or left or all_have_voted(procedure.dossier)):
        yield _("Its last day is not over, and not all have voted.")


@WRITTEN_LIFECYCLE.guard("votes_still_come")
def votes_still_come(procedure: WrittenProcedure, by: Any) -> Iterator[Any]:
    if procedure.ends_on < database_today(procedure.unit.zone):
        yield _("The written procedure on this dossier is over: no vote comes in any more.")


@DOSSIER_LIFECYCLE.guard("majority_for")
def majority_for(dossier: JustificationDossier, by: Any) -> Iterator[Any]:
    yield from _against(dossier, by, Outcome.APPROVE)


@DOSSIER_LIFECYCLE.guard("majority_against")
def majority_against(dossier: JustificationDossier, by: Any) -> Iterator[Any]:
    yield from _against(dossier, by, Outcome.REFUSE)


def _against(dossier: JustificationDossier, chair: Person, wanted: Outcome) -> Iterator[Any]:
    yield from without_advice(dossier)
    yield from unheard(dossier)
    votes = tally(dossier)
    figures = {
        "cast": votes.cast,
        "quorum": votes.quorum,
        "members": votes.voting_members,
        "for": votes.votes_for,
        "against": votes.votes_against,
    }
    outcome = votes.outcome(chair)
    if not votes.is_quorate:
        yield (
            _("There is no quorum: %(cast)d of %(members)d voting members have voted, %(quorum)d are needed.") % figures
        )
    elif outcome is None:
        yield _("%(for)d votes for, %(against)d against: the chair's own vote has to break the tie.") % figures
    elif outcome != wanted:
        yield _("%(for)d votes for, %(against)d against: the votes say the contrary.") % figures
