from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class SessionState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("session", "Planned")
    OPEN = "open", pgettext_lazy("session", "Open")
    CLOSED = "closed", pgettext_lazy("session", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


class Presence(models.TextChoices):
    PRESENT = "present", pgettext_lazy("session", "In the room")
    REMOTE = "remote", pgettext_lazy("session", "Remotely")
    EXCUSED = "excused", pgettext_lazy("session", "Excused")
    ABSENT = "absent", pgettext_lazy("session", "Absent")


# Whose votes count in the room.
HERE = (Presence.PRESENT, Presence.REMOTE)


class ItemResult(models.TextChoices):
    """What became of a point of an agenda."""

    PENDING = "pending", pgettext_lazy("agenda", "To be dealt with")
    DECIDED = "decided", pgettext_lazy("agenda", "Decided")
    DEFERRED = "deferred", pgettext_lazy("agenda", "Put off")
    DISCUSSED = "discussed", pgettext_lazy("agenda", "Discussed")
    NOT_REACHED = "not_reached", pgettext_lazy("agenda", "Not dealt with")


class MinutesState(models.TextChoices):
    DRAFTED = "drafted", pgettext_lazy("minutes", "Draft")
    APPROVED = "approved", pgettext_lazy("minutes", "Approved")


class WrittenState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("written procedure", "Running")
    ENDED = "ended", pgettext_lazy("written procedure", "Ended")
    HALTED = "halted", pgettext_lazy("written procedure", "To be dealt with in a session")


_S = SessionState

SESSION_LIFECYCLE = lifecycle(
    noun="committee_session",
    states=SessionState,
    initial=_S.PLANNED,
    finals=frozenset({_S.CLOSED, _S.CANCELLED}),
    gates={_S.CLOSED: _S.OPEN},
    transitions=(
        Transition(
            name="open",
            label=_("Open this session"),
            sources=(_S.PLANNED,),
            target=_S.OPEN,
            permission=Permission.DOSSIER_DECIDE,
            told=_("%(actor)s opened this session"),
            guard="its_hour_has_come",
        ),
        Transition(
            name="close",
            label=_("Close this session"),
            sources=(_S.OPEN,),
            target=_S.CLOSED,
            permission=Permission.DOSSIER_DECIDE,
            told=_("%(actor)s closed this session"),
        ),
        Transition(
            name="cancel",
            label=_("Cancel this session"),
            sources=(_S.PLANNED,),
            target=_S.CANCELLED,
            permission=Permission.DOSSIER_CHECK,
            told=_("%(actor)s cancelled this session"),
        ),
    ),
)

MINUTES_LIFECYCLE = lifecycle(
    noun="minutes",
    states=MinutesState,
    initial=MinutesState.DRAFTED,
    finals=frozenset({MinutesState.APPROVED}),
    transitions=(
        Transition(
            name="approve",
            label=_("Approve these minutes"),
            sources=(MinutesState.DRAFTED,),
            target=MinutesState.APPROVED,
            permission=Permission.DOSSIER_VOTE,
            told=_("%(actor)s approved these minutes"),
            guard="written_by_another",
        ),
    ),
)

WRITTEN_LIFECYCLE = lifecycle(
    noun="written_procedure",
    states=WrittenState,
    initial=WrittenState.RUNNING,
    finals=frozenset({WrittenState.ENDED, WrittenState.HALTED}),
    transitions=(
        Transition(
            name="end",
            label=_("The written procedure is over"),
            sources=(WrittenState.RUNNING,),
            target=WrittenState.ENDED,
            permission=None,
            told=_("The written procedure on this dossier is over"),
            guard="votes_are_in",
        ),
        Transition(
            name="halt",
            label=_("Ask that this dossier be dealt with in a session"),
            sources=(WrittenState.RUNNING,),
            target=WrittenState.HALTED,
            permission=Permission.DOSSIER_VOTE,
            told=_("%(actor)s asked that this dossier be dealt with in a session"),
            guard="votes_still_come",
        ),
    ),
)
