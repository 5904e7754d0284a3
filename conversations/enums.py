from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle

# What delivery calls the kind of message that an answer is.
ANSWER = "answer"
# Where what is typed into an answer's form is kept until it is saved.
ANSWER_FORM = "answer"


class Category(models.TextChoices):
    """What a citizen wants, the most urgent first."""

    EMERGENCY = "emergency", _("Emergency")
    THREAT = "threat", _("Threat or crime")
    PRESS = "press", _("Press")
    IMPERSONATION = "impersonation", _("Impersonation")
    MISINFORMATION = "misinformation", _("Misinformation")
    COMPLAINT = "complaint", _("Complaint")
    QUESTION = "question", _("Question")
    JOB = "job", _("Job")
    PRAISE = "praise", _("Praise")
    SPAM = "spam", _("Spam or troll")

    @property
    def route(self) -> str | Promise:
        """Who deals with it, and how."""
        return _ROUTES[self]


_ROUTES: dict[Category, str | Promise] = {
    Category.EMERGENCY: _("Ask the citizen to call 112, and warn the duty officer."),
    Category.THREAT: _("Warn ICT security and the police. Keep the evidence."),
    Category.PRESS: _("Hand over to the spokesperson."),
    Category.IMPERSONATION: _("Report it to ICT and in the abuse register."),
    Category.MISINFORMATION: _("Warn the spokesperson, and go on watching."),
    Category.COMPLAINT: _("Hand over to the complaint coordinator."),
    Category.QUESTION: _("Ask the contact centre or the back office for the substance."),
    Category.JOB: _("Hand over to P&O."),
    Category.PRAISE: _("Thank the citizen; it may be shared."),
    Category.SPAM: _("Needs no answer: hide it or let it be."),
}


class ConversationState(models.TextChoices):
    NEW = "new", _("New")
    ASSIGNED = "assigned", _("Assigned")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


OPEN_STATES = (ConversationState.NEW, ConversationState.ASSIGNED)
_S = ConversationState

CONVERSATION_LIFECYCLE = lifecycle(
    noun="conversation",
    states=ConversationState,
    initial=_S.NEW,
    transitions=(
        Transition(
            name="take",
            label=_("Take this conversation"),
            sources=(_S.NEW,),
            target=_S.ASSIGNED,
            permission=Permission.ANSWER_WRITE,
            told=_("%(actor)s took this conversation"),
        ),
        Transition(
            name="assign",
            label=_("Assign this conversation"),
            sources=(_S.NEW, _S.ASSIGNED, _S.ANSWERED),
            target=_S.ASSIGNED,
            permission=Permission.MENTION_ASSIGN,
            told=_("%(actor)s assigned this conversation"),
        ),
        Transition(
            name="answer",
            label=_("An answer is on the network"),
            sources=(_S.NEW, _S.ASSIGNED),
            target=_S.ANSWERED,
            permission=None,
            told=_("The answer appeared on the network"),
        ),
        Transition(
            name="owe",
            label=_("An answer is owed again"),
            sources=(_S.ANSWERED,),
            target=_S.NEW,
            permission=None,
            told=_("What was taken for the answer here answers somebody else, so one is owed again"),
        ),
        Transition(
            name="close",
            label=_("Close this conversation"),
            sources=(_S.NEW, _S.ASSIGNED, _S.ANSWERED),
            target=_S.CLOSED,
            permission=Permission.MENTION_ASSIGN,
            told=_("%(actor)s closed this conversation"),
            guard="no_answer_under_way",
        ),
        Transition(
            name="lapse",
            label=_("No answer is owed any more"),
            sources=(_S.NEW, _S.ASSIGNED),
            target=_S.CLOSED,
            permission=None,
            told=_("The citizen took the question away, so no answer is owed"),
        ),
        Transition(
            name="return",
            label=_("An answer is owed again"),
            sources=(_S.ANSWERED, _S.CLOSED),
            target=_S.NEW,
            permission=None,
            told=_("What the citizen had taken away is on the network again, so an answer is owed"),
        ),
        Transition(
            name="expire",
            label=_("Nobody took it in its time"),
            sources=(_S.NEW,),
            target=_S.CLOSED,
            permission=None,
            told=_("Nobody took this in its time, and what was found was erased"),
        ),
        Transition(
            name="reopen",
            label=_("Open it again"),
            sources=(_S.CLOSED,),
            target=_S.NEW,
            permission=Permission.MENTION_ASSIGN,
            told=_("%(actor)s opened this conversation again"),
            guard="still_known",
        ),
        Transition(
            name="resume",
            label=_("The citizen wrote again"),
            sources=(_S.ANSWERED, _S.CLOSED),
            target=_S.ASSIGNED,
            permission=None,
            told=_("The citizen wrote again"),
        ),
        Transition(
            name="renew",
            label=_("The citizen wrote again"),
            sources=(_S.ANSWERED, _S.CLOSED),
            target=_S.NEW,
            permission=None,
            told=_("The citizen wrote again, and nobody has this conversation"),
        ),
    ),
)
