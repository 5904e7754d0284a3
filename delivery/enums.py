"""States of a delivery as a table, what stops one, and what can go wrong with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.errors import QuotaExhausted, RateLimited
from networks.types import Part
from organisation.enums import Permission as P
from organisation.lifecycle import Asked, Transition, lifecycle


class DeliveryState(models.TextChoices):
    """Where one message to one account stands. That it is frozen follows from the holds over it, not from its state."""

    DUE = "due", _("Scheduled")
    SENDING = "sending", _("Being sent")
    PUBLISHED = "published", _("Published")
    UNKNOWN = "unknown", _("Outcome uncertain")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Too late")
    CANCELLED = "cancelled", _("Withdrawn")


class Outcome(models.TextChoices):
    """How one attempt ended. An attempt without an outcome is still running, or its worker died."""

    PUBLISHED = "published", _("Published")
    HELD = "held", _("Frozen before the network was called")
    LATER = "later", _("The network asked to come back later")
    REFUSED = "refused", _("Refused")
    UNKNOWN = "unknown", _("No answer")
    LATE = "late", _("Answer came after the attempt had been given up")


class Trouble(models.TextChoices):
    """Why a delivery has not gone out, as a sentence that says what to do, where the sending itself knows better than
    `accounts_registry.enums.network_sentence`, which has a sentence for every other code of `networks.errors`."""

    UNAVAILABLE = "unavailable", _("The network cannot be reached. Nothing was sent; Parvis tries again by itself.")
    NOT_APPLIED = "not_applied", _("The network did nothing. Parvis tries again by itself.")
    GONE = "gone", _("The message to answer is no longer on the network.")
    MEDIA_CHANGED = (
        "media_changed",
        _(
            "A file is missing or is no longer the approved one. Attach it again; or, where it is the picture of the "
            "link's card, leave that out."
        ),
    )
    OUTCOME_UNKNOWN = (
        "outcome_unknown",
        _("The network's answer never came. Parvis looks for the message."),
    )
    WORKER_LOST = "worker_lost", _("The sending broke off. Parvis looks for the message.")
    NOT_SURE = (
        "not_sure",
        _(
            "Parvis looked and could not be certain that the message is not there, so it is not sent again. "
            "Paste its address if you find it; else give it up, and have it approved anew."
        ),
    )
    NOT_CONNECTED = "not_connected", _("The account is not connected, so Parvis cannot look. Connect it again.")
    TAKEN = "taken", _("What Parvis found on the network belongs to another message of yours. Look yourself.")
    ERASED = "erased", _("What this answered is no longer kept, so it is not sent any more.")
    ASKED_OTHERWISE = (
        "asked_otherwise",
        _(
            "Since this answer was written the citizen has changed the message or its warning, or it turned out that "
            "what they wrote is for fewer people. Answer it anew."
        ),
    )
    ANSWERED_THERE = (
        "answered_there",
        _(
            "Meanwhile somebody has answered this on the network itself. Read that answer; send this one all the same "
            "only if it still adds something."
        ),
    )
    BACKING_LOST = (
        "backing_lost",
        _("Whoever stood for it may no longer do so. Somebody else reads it, and sends it in their own name."),
    )
    TOO_LATE = "too_late", _("The message could not go out in time. Give it a new time, or withdraw it.")
    NOT_APPROVED = "not_approved", _("This text is no longer the approved one.")
    WITHDRAWN = "withdrawn", _("Somebody withdrew the message.")
    MOVED = "moved", _("It was moved to another time.")
    TAKEN_OFF = "taken_off", _("It was taken off the calendar.")
    CALLED_OFF = "called_off", _("All of it was withdrawn.")
    ACCOUNT_CLOSING = "account_closing", _("Its account is closing, and what was still to go out there does not.")
    EDITED = "edited", _("It was changed after its approval.")


class Verdict(models.TextChoices):
    """What a person says about an uncertain send. All but `LOOK_AGAIN`, which changes no state, name their edge of the
    lifecycle: nobody's word puts a message in line again, only what the network says does (edge `clear`)."""

    THERE = "confirm_there", _("It is there: I paste its address")
    LOOK_AGAIN = "look_again", _("I do not find it: look again, and send it if it is certainly not there")
    GIVE_UP = "give_up", _("It is not there: do not send it")


class HoldScope(models.TextChoices):
    ORGANISATION = "organisation", _("Whole organisation")
    UNIT = "unit", _("Unit and all below it")
    ACCOUNT = "account", _("One account")


class HoldCause(models.TextChoices):
    """Who stops: a person with a reason of their own, or Parvis with one of these."""

    PERSON = "person", ""
    NEW_SYSTEM = "new_system", _("This Parvis is new. It sends nothing until somebody says go.")
    RESTORED = "restored", _("This is a copy or a restored backup. It sends nothing until somebody says go.")
    LOST = (
        "lost",
        _("The witness outside the database is missing or too old. Parvis sends nothing until somebody says go."),
    )
    UNWITNESSED = (
        "unwitnessed",
        _("Parvis now has a witness outside its database. Once, it sends nothing until somebody says go."),
    )
    AWAY = "away", _("The witness outside the database cannot be reached. Parvis goes on by itself once it can.")


# What a person makes sure of before they say go.
CHECK_FIRST = {
    HoldCause.NEW_SYSTEM.value: _("Before you say go: accounts, people and roles stand as they should."),
    HoldCause.RESTORED.value: _(
        "Before you say go: the original no longer runs, for two of them would both send; and what is due has not gone "
        "out since the backup was made."
    ),
    HoldCause.LOST.value: _(
        "Before you say go: no other copy of this Parvis sends, and nobody has put back an older database."
    ),
    HoldCause.UNWITNESSED.value: _("Before you say go: no other copy of this Parvis sends."),
}

# What speaks against this being the database that may act; and all that Parvis finds out by itself.
COPIES = (HoldCause.RESTORED.value, HoldCause.LOST.value, HoldCause.UNWITNESSED.value)
OWN = (*COPIES, HoldCause.AWAY.value)


S = DeliveryState

DELIVERY_LIFECYCLE = lifecycle(
    noun="delivery",
    states=DeliveryState,
    initial=S.DUE,
    finals=frozenset({S.PUBLISHED, S.CANCELLED}),
    gates={S.PUBLISHED: S.SENDING, S.UNKNOWN: S.SENDING},
    transitions=(
        Transition("claim", _("Send"), (S.DUE,), S.SENDING, None, _("%(actor)s began to send this")),
        Transition("give_back", _("Hold back"), (S.SENDING,), S.DUE, None, _("%(actor)s held this back")),
        Transition("retry", _("Try later"), (S.SENDING,), S.DUE, None, _("%(actor)s will try this again")),
        Transition("publish", _("Publish"), (S.SENDING,), S.PUBLISHED, None, _("%(actor)s published this")),
        Transition("fail", _("Fail"), (S.SENDING,), S.FAILED, None, _("The network refused this")),
        Transition("lose", _("Lose sight"), (S.SENDING,), S.UNKNOWN, None, _("No answer came: it may be out")),
        Transition("void", _("Void"), (S.DUE,), S.CANCELLED, None, _("%(actor)s stopped this: not approved")),
        Transition(
            "stop",
            _("Stop"),
            (S.DUE,),
            S.FAILED,
            None,
            _("%(actor)s stopped this: whoever stood for it may no longer do so"),
        ),
        Transition(
            "ask",
            _("Ask a person"),
            (S.DUE,),
            S.FAILED,
            None,
            _("%(actor)s stopped this until a person says yes once more: it has been answered meanwhile"),
        ),
        Transition(
            "end",
            _("End"),
            (S.DUE, S.FAILED, S.EXPIRED, S.UNKNOWN),
            S.CANCELLED,
            None,
            _("%(actor)s ended this: it is not sent any more"),
        ),
        Transition("expire", _("Expire"), (S.DUE,), S.EXPIRED, None, _("%(actor)s stopped this: it was too late")),
        Transition("find", _("Find"), (S.UNKNOWN,), S.PUBLISHED, None, _("%(actor)s found this on the network")),
        Transition("clear", _("Clear"), (S.UNKNOWN,), S.DUE, None, _("%(actor)s saw that this is not on the network")),
        Transition(
            "withdraw",
            _("Withdraw"),
            (S.DUE, S.FAILED, S.EXPIRED),
            S.CANCELLED,
            Asked("withdraw"),
            _("%(actor)s withdrew this"),
        ),
        Transition(
            "reconfirm",
            _("Send at a new time"),
            (S.FAILED, S.EXPIRED),
            S.DUE,
            Asked("reconfirm"),
            _("%(actor)s gave this a new time"),
            guard="can_still_go",
        ),
        Transition(
            "confirm_there",
            _("It is there"),
            (S.UNKNOWN,),
            S.PUBLISHED,
            P.DELIVERY_RESOLVE,
            _("%(actor)s saw this on the network"),
        ),
        Transition(
            "give_up",
            _("It is not there: do not send"),
            (S.UNKNOWN,),
            S.CANCELLED,
            P.DELIVERY_RESOLVE,
            _("%(actor)s looked, did not find this, and gave it up"),
        ),
    ),
)

# Problems that are the whole account's: the network asked it to be quiet for a while.
PAUSES = (RateLimited.code, QuotaExhausted.code)

# How a page names a delivery that is published without something that belongs to it.
INCOMPLETE, INCOMPLETE_LABEL = "incomplete", _("Published, but something is missing")
# What it is out without, as a sentence that says what to do.
LACKING = {
    Part.CAPTIONS: _(
        "The video is out, but Parvis could not make sure that it has its captions (%(languages)s). Look on the "
        "network, and add there what is missing."
    )
}

# What still can reach the network, or has: an origin has at most one such delivery.
LIVE = (S.DUE, S.SENDING, S.UNKNOWN, S.PUBLISHED)
