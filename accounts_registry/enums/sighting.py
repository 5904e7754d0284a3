from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class SightingKind(models.TextChoices):
    WILD = "wild", _("Wild account: colleagues run it without a dossier")
    IMPERSONATION = "impersonation", _("Impersonation: somebody else poses as us")


class Discovery(models.TextChoices):
    """How somebody came upon an account."""

    HAND = "hand", _("Seen by a colleague")
    REPORT = "report", _("Reported by somebody outside")
    CONVERSATION = "conversation", _("Reported in a conversation")
    SEARCH = "search", _("Found by looking for imitations")


class SightingState(models.TextChoices):
    DETECTED = "detected", _("Detected")
    CONTACTED = "contacted", _("Contacted")
    EXPLAINED = "explained", _("Explained")
    REGULARISED = "regularised", _("A dossier asks for it")
    MERGED = "merged", _("Merged into another account")
    CLOSED = "closed", _("Closed")
    REGISTERED = "registered", _("In the abuse register")


class AbuseState(models.TextChoices):
    REPORTED = "reported", _("Reported")
    CONFIRMED = "confirmed", _("Confirmed")
    NOTIFIED = "notified", _("Reported to the network")
    TAKEN_DOWN = "taken_down", _("Taken down")
    DISMISSED = "dismissed", _("Dismissed")


# Somebody poses as us there, as far as we know: the public register says so.
STANDING = (AbuseState.CONFIRMED, AbuseState.NOTIFIED)
_S, _A = SightingState, AbuseState
_OPEN = (_S.DETECTED, _S.CONTACTED, _S.EXPLAINED)

SIGHTING_LIFECYCLE = lifecycle(
    noun="sighting",
    states=SightingState,
    initial=_S.DETECTED,
    finals=frozenset({_S.REGULARISED, _S.MERGED, _S.REGISTERED}),
    transitions=(
        Transition(
            name="contact",
            label=_("Note who was contacted"),
            sources=(_S.DETECTED,),
            target=_S.CONTACTED,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s contacted those who run this account"),
            guard="is_wild",
        ),
        Transition(
            name="explain",
            label=_("Note why it was created"),
            sources=(_S.CONTACTED,),
            target=_S.EXPLAINED,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s noted why this account was created"),
            guard="is_wild",
        ),
        Transition(
            name="regularise",
            label=_("Begin a dossier for it"),
            sources=(_S.EXPLAINED,),
            target=_S.REGULARISED,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s began a dossier for this account"),
            guard="is_wild",
        ),
        Transition(
            name="merge",
            label=_("Merge it into another account"),
            sources=(_S.EXPLAINED,),
            target=_S.MERGED,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s noted that this account was merged into another one"),
            guard="is_wild",
        ),
        Transition(
            name="close",
            label=_("Close this sighting"),
            sources=_OPEN,
            target=_S.CLOSED,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s closed this sighting"),
        ),
        Transition(
            name="reopen",
            label=_("Take this sighting up again"),
            sources=(_S.CLOSED,),
            target=_S.DETECTED,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s took this sighting up again"),
            guard="still_known",
        ),
        Transition(
            name="register",
            label=_("Enter it in the abuse register"),
            sources=_OPEN,
            target=_S.REGISTERED,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s entered this account in the abuse register"),
        ),
        Transition(
            name="enlist",
            label=_("Enter it in the abuse register by its score"),
            sources=(_S.DETECTED,),
            target=_S.REGISTERED,
            permission=None,
            told=_("%(actor)s entered this account in the abuse register, by its score"),
        ),
    ),
)

ABUSE_LIFECYCLE = lifecycle(
    noun="abuse_case",
    states=AbuseState,
    initial=_A.REPORTED,
    gates={_A.NOTIFIED: _A.CONFIRMED, _A.TAKEN_DOWN: _A.CONFIRMED},
    transitions=(
        Transition(
            name="confirm",
            label=_("Confirm that it poses as us"),
            sources=(_A.REPORTED,),
            target=_A.CONFIRMED,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s confirmed that this account poses as us"),
            guard="seen_by_two",
        ),
        Transition(
            name="notify",
            label=_("Note that the network was told"),
            sources=(_A.CONFIRMED,),
            target=_A.NOTIFIED,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s reported this account to the network"),
        ),
        Transition(
            name="take_down",
            label=_("Note that it is gone"),
            sources=(_A.CONFIRMED, _A.NOTIFIED),
            target=_A.TAKEN_DOWN,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s noted that this account was taken down"),
        ),
        Transition(
            name="dismiss",
            label=_("Dismiss this case"),
            sources=(_A.REPORTED, _A.CONFIRMED, _A.NOTIFIED),
            target=_A.DISMISSED,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s dismissed this case: the account does not pose as us"),
        ),
        Transition(
            name="reopen",
            label=_("Open this case again"),
            sources=(_A.TAKEN_DOWN, _A.DISMISSED),
            target=_A.REPORTED,
            permission=Permission.SIGHTING_MANAGE,
            told=_("%(actor)s opened this case again"),
            guard="names_an_account",
        ),
    ),
)
