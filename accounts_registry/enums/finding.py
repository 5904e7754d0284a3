from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class FindingKind(models.TextChoices):
    """What an audit finds (`accounts_registry.queries.findings` and `found_otherwise`)."""

    EXACT_DUPLICATE = "exact_duplicate", _("Listed twice")
    FUNCTIONAL_DUPLICATE = "functional_duplicate", _("Does the work of another")
    INACTIVE = "inactive", _("Inactive")
    ORPHAN = "orphan", _("Nobody answers for it")
    UNPAIRED = "unpaired", _("Without its other language")
    SUSPICIOUS = "suspicious", _("Suspicious")
    UNSAFE = "unsafe", _("Unsafe")
    INEFFECTIVE = "ineffective", _("Ineffective")


_K = FindingKind
# By what it is found; the figures are the defaults of `accounts_registry.queries.findings`.
FORMULAS = {
    _K.EXACT_DUPLICATE: _(
        "Rows of the lists, or listed accounts, that name one and the same account: same network, same name or number."
    ),
    _K.FUNCTIONAL_DUPLICATE: _(
        "Registered accounts of the same unit, network, kind and language whose publics overlap by 60 % or more; "
        "a language pair is none."
    ),
    _K.INACTIVE: _("Days since the last post that the list tells: 30 to be watched, 90 inactive, 180 dormant."),
    _K.ORPHAN: _("No owner, fewer than two administrators, or an owner or backup holder who left."),
    _K.UNPAIRED: _("A language of the unit in which neither the account nor its pair, on this network, speaks."),
    _K.SUSPICIOUS: _(
        "A sighting with five points or more: for a name that resembles an official one, and for what the account does."
    ),
    _K.UNSAFE: _(
        "An item of its security record is not met and no exception bears it, or nobody attested it for a quarter."
    ),
    _K.INEFFECTIVE: _(
        "Two of three figures (engagement, rhythm, answers) below the first quarter of its peers, of the same network "
        "and size, in each of three months."
    ),
}
FIRST_ACTIONS = {
    _K.EXACT_DUPLICATE: _("Ask which list is right, and strike the other row."),
    _K.FUNCTIONAL_DUPLICATE: _("Ask both owners why there are two; merge them, or close one by its exit plan."),
    _K.INACTIVE: _("Ask who answers for it whether it is still needed; plan posts, or close it."),
    _K.ORPHAN: _("Name an owner and a second administrator, and have the network's settings follow."),
    _K.UNPAIRED: _("Open the account in the other language, or say in the profile where it is."),
    _K.SUSPICIOUS: _("Look at it, and report it to the abuse register where it poses as the service."),
    _K.UNSAFE: _("Change the password, set a second factor, and strike apps that nobody knows."),
    _K.INEFFECTIVE: _("Offer training to whoever writes there, before anything is deleted."),
}


class FindingState(models.TextChoices):
    OPEN = "open", pgettext_lazy("finding", "Open")
    DONE = "done", pgettext_lazy("finding", "Dealt with")
    DISMISSED = "dismissed", pgettext_lazy("finding", "Dismissed")
    LAPSED = "lapsed", pgettext_lazy("finding", "Holds no longer")


_S = FindingState
FINDING_LIFECYCLE = lifecycle(
    noun="finding",
    states=FindingState,
    initial=_S.OPEN,
    finals=frozenset({_S.DISMISSED}),
    transitions=(
        Transition(
            name="settle",
            label=_("It is dealt with"),
            sources=(_S.OPEN,),
            target=_S.DONE,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s dealt with this finding"),
            guard="of_an_open_audit",
        ),
        Transition(
            name="dismiss",
            label=_("Dismiss this finding"),
            sources=(_S.OPEN,),
            target=_S.DISMISSED,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s dismissed this finding"),
            guard="of_an_open_audit",
        ),
        Transition(
            name="lapse",
            label=_("It holds no longer"),
            sources=(_S.OPEN,),
            target=_S.LAPSED,
            permission=None,
            told=_("Parvis looked again: this finding holds no longer"),
        ),
        Transition(
            name="return",
            label=_("It holds again"),
            sources=(_S.DONE, _S.LAPSED),
            target=_S.OPEN,
            permission=None,
            told=_("Parvis looked again: this finding holds, still or again"),
        ),
    ),
)
