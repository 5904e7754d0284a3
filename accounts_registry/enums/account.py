from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class AccountKind(models.TextChoices):
    PAGE = "page", _("Page")
    GROUP = "group", _("Group")
    PROFILE = "profile", _("Profile")
    CHANNEL = "channel", _("Channel")
    INTERNAL = "internal", _("Internal network")


class Audience(models.TextChoices):
    CITIZENS = "citizens", _("Citizens")
    BUSINESSES = "businesses", _("Businesses")
    CIVIL_SERVANTS = "civil_servants", _("Civil servants")
    JOBSEEKERS = "jobseekers", _("Jobseekers")
    STUDENTS = "students", _("Students")
    PRIVATE_WORKERS = "private_workers", _("Workers in the private sector")
    HR_PROFESSIONALS = "hr_professionals", _("HR professionals")
    PRESS = "press", _("Press")
    PARTNERS = "partners", _("Partners")
    TRAINERS = "trainers", _("Trainers")
    STAFF = "staff", _("Own staff")


class Maturity(models.TextChoices):
    EXPERIMENTAL = "experimental", _("Experimental")
    INTEGRATED = "integrated", _("Integrated")


class Term(models.TextChoices):
    """For how long an account is meant to be."""

    PERMANENT = "permanent", _("Without an end")
    TRIAL = "trial", _("Trial")
    CAMPAIGN = "campaign", _("Campaign")


class AccountState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    CLOSING = "closing", _("Closing")
    ARCHIVED = "archived", _("Closed and archived")


ACCOUNT_LIFECYCLE = lifecycle(
    noun="account",
    states=AccountState,
    initial=AccountState.PLANNED,
    finals=frozenset({AccountState.ARCHIVED}),
    gates={AccountState.ARCHIVED: AccountState.CLOSING},
    transitions=(
        Transition(
            name="activate",
            label=_("Activate this account"),
            sources=(AccountState.PLANNED,),
            target=AccountState.ACTIVE,
            permission=None,
            told=_("%(actor)s activated this account: its dossier was approved"),
            guard="dossier_approved",
        ),
        Transition(
            name="suspend",
            label=_("Suspend this account"),
            sources=(AccountState.ACTIVE,),
            target=AccountState.SUSPENDED,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s suspended this account"),
        ),
        Transition(
            name="expire",
            label=_("The account's term is over"),
            sources=(AccountState.ACTIVE,),
            target=AccountState.SUSPENDED,
            permission=None,
            told=_("%(actor)s suspended this account: its trial or campaign is over"),
            guard="term_is_over",
        ),
        Transition(
            name="hold",
            label=_("Suspend this account until its conditions are met"),
            sources=(AccountState.ACTIVE,),
            target=AccountState.SUSPENDED,
            permission=None,
            told=_("This account was suspended: a condition of the committee is overdue"),
            guard="condition_overdue",
        ),
        Transition(
            name="reactivate",
            label=_("Reactivate this account"),
            sources=(AccountState.SUSPENDED,),
            target=AccountState.ACTIVE,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s reactivated this account"),
            guard="may_come_back",
        ),
        Transition(
            name="begin_closing",
            label=_("Begin to close this account"),
            sources=(AccountState.ACTIVE, AccountState.SUSPENDED),
            target=AccountState.CLOSING,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s began to close this account"),
            guard="may_be_closed",
        ),
        Transition(
            name="wind_down",
            label=_("The committee decided that this account closes"),
            sources=(AccountState.ACTIVE, AccountState.SUSPENDED),
            target=AccountState.CLOSING,
            permission=None,
            told=_("This account began to close, as the committee decided"),
            guard="closing_was_decided",
        ),
        Transition(
            name="close",
            label=_("Close this account for good"),
            sources=(AccountState.CLOSING,),
            target=AccountState.ARCHIVED,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s closed this account"),
            guard="exit_plan_done",
        ),
    ),
)
