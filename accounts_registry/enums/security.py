"""How safe an account is: what is looked at, how it may stand, and how long what is missing is borne."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class SecondFactor(models.TextChoices):
    """What the network asks for besides the password."""

    UNKNOWN = "unknown", pgettext_lazy("second factor", "Not known")
    NONE = "none", pgettext_lazy("second factor", "None")
    SMS = "sms", _("A code by text message")
    APP = "app", _("A code of an app")
    KEY = "key", _("A security key")


class RecoveryOwner(models.TextChoices):
    """To whom the network writes when somebody forgot the password."""

    UNKNOWN = "unknown", pgettext_lazy("recovery", "Not known")
    NONE = "none", pgettext_lazy("recovery", "None is set")
    SERVICE = "service", _("One of the service")
    PERSON = "person", _("One of a single person")


class SecurityLevel(models.TextChoices):
    """How one item of a checklist stands. What nobody looked at has no level yet."""

    MET = "met", pgettext_lazy("security", "Met")
    PARTLY = "partly", pgettext_lazy("security", "Partly met")
    NOT_MET = "not_met", pgettext_lazy("security", "Not met")


class SecurityStanding(models.TextChoices):
    """How an account stands in all: as its worst item, with what is borne for a while counting as partly met."""

    MET = "met", pgettext_lazy("security", "Met")
    PARTLY = "partly", pgettext_lazy("security", "Partly met")
    NOT_MET = "not_met", pgettext_lazy("security", "Not met")
    UNKNOWN = "unknown", pgettext_lazy("security", "Not looked at in full")


class Checklist(models.TextChoices):
    ACCOUNT = "account", _("The account itself")
    STAFF = "staff", _("Staff")
    PROCESS = "process", _("Process")
    PLATFORM = "platform", _("Platform")


class SecurityItem(models.TextChoices):
    SECOND_FACTOR = "second_factor", _("The second factor is an app or a key")
    RECOVERY = "recovery", _("Recovery phone and mail belong to the service")
    APPS = "apps", _("Every app of others is known and needed")
    VAULT = "vault", _("Passwords lie in a vault, or people come in by single sign-on")
    TRAINED = "trained", _("Whoever has access was trained in safe behaviour")
    DRILLS = "drills", _("Crisis drills are held regularly and scored")
    LESSONS = "lessons", _("Incidents lead to a changed process")
    LINK_WARNING = "link_warning", _("Whoever writes there is warned of suspicious links")
    CENTRAL = "central", _("Accounts are governed centrally")
    LEAST_PRIVILEGE = "least_privilege", _("Nobody may do more than their work needs")


_I = SecurityItem
CHECKLISTS: dict[Checklist, tuple[SecurityItem, ...]] = {
    Checklist.ACCOUNT: (_I.SECOND_FACTOR, _I.RECOVERY, _I.APPS),
    Checklist.STAFF: (_I.VAULT, _I.TRAINED),
    Checklist.PROCESS: (_I.DRILLS, _I.LESSONS),
    Checklist.PLATFORM: (_I.LINK_WARNING, _I.CENTRAL, _I.LEAST_PRIVILEGE),
}
# They follow from what the network's settings are noted to be; nobody gives them a level by hand.
DERIVED = (_I.SECOND_FACTOR, _I.RECOVERY)


class ExceptionState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("security exception", "Asked for")
    ACCEPTED = "accepted", pgettext_lazy("security exception", "Accepted")
    REFUSED = "refused", pgettext_lazy("security exception", "Refused")
    ENDED = "ended", pgettext_lazy("security exception", "Taken back")
    EXPIRED = "expired", pgettext_lazy("security exception", "Over")


_S = ExceptionState
SECURITY_EXCEPTION_LIFECYCLE = lifecycle(
    noun="security_exception",
    states=ExceptionState,
    initial=_S.ASKED,
    finals=frozenset({_S.REFUSED, _S.ENDED, _S.EXPIRED}),
    gates={_S.EXPIRED: _S.ACCEPTED},
    transitions=(
        Transition(
            name="accept",
            label=_("Accept this exception"),
            sources=(_S.ASKED,),
            target=_S.ACCEPTED,
            permission=Permission.SECURITY_MANAGE,
            told=_("%(actor)s accepted this exception: until its day the item counts as borne"),
            guard="second_person_in_time",
        ),
        Transition(
            name="refuse",
            label=_("Refuse this exception"),
            sources=(_S.ASKED,),
            target=_S.REFUSED,
            permission=Permission.SECURITY_MANAGE,
            told=_("%(actor)s refused this exception"),
        ),
        Transition(
            name="end",
            label=_("Take this exception back"),
            sources=(_S.ASKED, _S.ACCEPTED),
            target=_S.ENDED,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s took this exception back: the item counts as it stands"),
        ),
        Transition(
            name="settle",
            label=_("Nothing is left to be borne"),
            sources=(_S.ASKED, _S.ACCEPTED),
            target=_S.ENDED,
            permission=None,
            told=_("The item is not lacking any more: nothing is left to be borne"),
        ),
        Transition(
            name="expire",
            label=_("The time of this exception is over"),
            sources=(_S.ACCEPTED,),
            target=_S.EXPIRED,
            permission=None,
            told=_("The time of this exception is over: the item counts as it stands"),
            guard="time_is_over",
        ),
    ),
)
