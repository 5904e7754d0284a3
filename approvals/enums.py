"""States of a request, what a step asks for, and why a yes stops counting."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.lifecycle import Transition, lifecycle


class RequestState(models.TextChoices):
    OPEN = "open", _("Waits for approval")
    CLEARED = "cleared", _("Approved")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    REJECTED = "rejected", _("Refused")
    VOID = "void", _("No longer counts")


class Outcome(models.TextChoices):
    """What somebody decided about a request."""

    APPROVED = "approved", _("Approved")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    REJECTED = "rejected", _("Refused")


class Place(models.TextChoices):
    """Where whoever takes a step holds their right."""

    OWN = "own", _("The unit itself")
    PEER = "peer", _("Another unit")
    CENTRE = "centre", _("The centre")


class VoidReason(models.TextChoices):
    EDITED = "edited", _("The content was edited afterwards.")
    WITHDRAWN = "withdrawn", _("It was withdrawn.")
    APPROVER_LEFT = "approver_left", _("Whoever approved it may no longer approve.")
    MOVED = "moved", _("The planned time was moved by somebody who may not schedule.")
    OVERRULED = "overruled", _("Another step asked for changes, or refused it.")


R = RequestState

# The edges follow from what people do to a subject, whose own lifecycle asks for their permission and names them.
APPROVAL_LIFECYCLE = lifecycle(
    noun="approval",
    states=RequestState,
    initial=R.OPEN,
    transitions=(
        Transition(
            "advance",
            _("Go on"),
            (R.OPEN,),
            R.OPEN,
            None,
            _("One approval was given, and another is asked for"),
        ),
        Transition(
            "clear",
            _("Approved"),
            (R.OPEN,),
            R.CLEARED,
            None,
            _("Every step of this approval was taken"),
            guard="every_step_taken",
        ),
        Transition(
            "return",
            _("Ask for changes"),
            (R.OPEN,),
            R.CHANGES_REQUESTED,
            None,
            _("This approval ended: changes were asked for"),
        ),
        Transition(
            "refuse",
            _("Refuse"),
            (R.OPEN,),
            R.REJECTED,
            None,
            _("This approval ended: it was refused"),
        ),
        Transition(
            "void",
            _("Void"),
            (R.OPEN, R.CLEARED),
            R.VOID,
            None,
            _("This approval no longer counts"),
        ),
        Transition(
            "reopen",
            _("Ask again"),
            (R.OPEN, R.CLEARED),
            R.OPEN,
            None,
            _("An approval that was given no longer counts, and is asked for again"),
        ),
    ),
    finals=frozenset({R.CHANGES_REQUESTED, R.REJECTED, R.VOID}),
)
