"""What of the committee's sessions somebody has to know: when it sits, what is voted on in writing, minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import DossierState
from accounts_registry.enums.session import MinutesState, SessionState, WrittenState
from accounts_registry.models import AgendaItem, CommitteeSession, Minutes, WrittenProcedure
from accounts_registry.queries.committee import members_of, tally
from accounts_registry.queries.frames import LIVE
from notices.enums import Urgency
from notices.kinds import About, Kind
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.sentences import Sentence

INVITED = _("The steering committee of %(unit)s meets on %(when)s: %(where)s.")
CALLED_OFF = _("The session of the steering committee of %(unit)s on %(when)s does not take place.")
IN_WRITING = _("%(dossier)s is put to a vote in writing until %(day)s.")
OVER = _("The vote in writing on %(dossier)s is over: record what it says, or put it on the agenda of a session.")
ASKED = _("A member asked that %(dossier)s be dealt with in a session.")
DRAFTED = _("The minutes of the steering committee's session on %(when)s are written: read and approve them.")


def _members(unit: Unit) -> list[Person]:
    return [person for person, _is_chair in members_of(unit)]


def _chairs(unit: Unit) -> list[Person]:
    return [person for person, is_chair in members_of(unit) if is_chair]


def _when(session: CommitteeSession) -> str:
    """As every language of the house reads it."""
    return f"{session.local_start:%d.%m.%Y, %H:%M}"


# ---- Sessions to come -----------------------------------------------------------------------------------------------
def _to_come() -> QuerySet[CommitteeSession]:
    told = CommitteeSession.objects.filter(state__in=[SessionState.PLANNED, SessionState.CANCELLED])
    return told.filter(starts_at__gt=Now()).order_by("pk")


def _invitations() -> Iterator[tuple[str, int]]:
    for session in _to_come():
        yield _invitation_key(session), session.pk


def _invitation_key(session: CommitteeSession) -> str:
    """Told anew when it moves to another hour, and when it is cancelled."""
    return f"{session.pk}:{session.state}:{session.starts_at.timestamp():.0f}"


def _about_invitation(pk: int) -> About | None:
    session = _to_come().filter(pk=pk).select_related("unit").first()
    if session is None:
        return None
    facts = {"unit": session.unit.name, "when": _when(session)}
    words = Sentence(INVITED, where=session.where, **facts) if session.is_planned else Sentence(CALLED_OFF, **facts)
    return About(
        key=_invitation_key(session),
        words=words,
        url=session.get_absolute_url(),
        unit=session.unit,
        sees=Permission.DOSSIER_VIEW,
        people=_members(session.unit),
        due_at=session.starts_at,
    )


# ---- Votes in writing -----------------------------------------------------------------------------------------------
def _written() -> QuerySet[WrittenProcedure]:
    """The latest word on each dossier that is still before the committee, on no agenda."""
    rows = WrittenProcedure.objects.filter(dossier__state=DossierState.IN_REVIEW)
    on_an_agenda = AgendaItem.objects.filter(LIVE, dossier__isnull=False).values("dossier")
    return rows.exclude(dossier__in=on_an_agenda).select_related("dossier__unit").order_by("pk")


def _votes_due() -> Iterator[tuple[str, int]]:
    for one in _written().filter(state=WrittenState.RUNNING):
        yield str(one.pk), one.pk


def _about_votes(pk: int) -> About | None:
    found = _written().filter(pk=pk, state=WrittenState.RUNNING).first()
    if found is None:
        return None
    silent = [seat.member for seat in tally(found.dossier).voting if seat.vote is None]
    return _of_dossier(found, str(pk), IN_WRITING, silent)


def _of_dossier(found: WrittenProcedure, key: str, words: str | Promise, people: list[Person]) -> About:
    dossier = found.dossier
    return About(
        key=key,
        words=Sentence(words, dossier=dossier.title, day=f"{found.ends_on:%d.%m.%Y}"),
        url=reverse("accounts_registry:dossier_detail", args=[dossier.pk]),
        unit=dossier.unit,
        sees=Permission.DOSSIER_VIEW,
        people=people,
        due_at=datetime.combine(found.ends_on, time.max, dossier.unit.zone),
    )


def _votes_over() -> Iterator[tuple[str, int]]:
    for one in _written().exclude(state=WrittenState.RUNNING):
        yield f"{one.pk}:{one.state}", one.pk


def _about_over(pk: int) -> About | None:
    found = _written().filter(pk=pk).exclude(state=WrittenState.RUNNING).first()
    if found is None or found.round != found.dossier.round:
        return None
    words = ASKED if found.state == WrittenState.HALTED else OVER
    return _of_dossier(found, f"{pk}:{found.state}", words, _chairs(found.dossier.unit))


# ---- Minutes --------------------------------------------------------------------------------------------------------
def _drafts() -> QuerySet[Minutes]:
    return Minutes.objects.filter(state=MinutesState.DRAFTED).order_by("pk")


def _to_approve() -> Iterator[tuple[str, int]]:
    for pk in _drafts().values_list("pk", flat=True):
        yield str(pk), pk


def _about_minutes(pk: int) -> About | None:
    found = _drafts().filter(pk=pk).select_related("session__unit").first()
    if found is None:
        return None
    session = found.session
    return About(
        key=str(pk),
        words=Sentence(DRAFTED, when=_when(session)),
        url=reverse("accounts_registry:session_minutes", args=[session.pk]),
        unit=session.unit,
        sees=Permission.DOSSIER_VIEW,
        people=[one for one in _members(session.unit) if one.pk != found.written_by_id],
    )


VOTES = frozenset({Permission.DOSSIER_VOTE})
DECIDES = frozenset({Permission.DOSSIER_DECIDE})
SOON = Urgency.SOON
SESSION_KINDS = (
    Kind("session_planned", _("A session of my committee is planned or cancelled"), SOON, _invitations,
         _about_invitation, VOTES),
    Kind("dossier_in_writing", _("A dossier is put to a vote in writing"), SOON, _votes_due, _about_votes, VOTES),
    Kind("dossier_voted_in_writing", _("A vote in writing is over"), SOON, _votes_over, _about_over, DECIDES),
    Kind("minutes_to_approve", _("Minutes of my committee are to be approved"), Urgency.TO_KNOW, _to_approve,
         _about_minutes),
)  # fmt: skip
