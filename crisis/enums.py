"""Choices of the crisis room, and the lifecycle of a crisis."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class Phase(models.TextChoices):
    """When a step of a playbook is worked; in this order."""

    BEFORE = "before", pgettext_lazy("phase", "Before")
    DURING = "during", _("During")
    AFTER = "after", _("After")


class Level(models.TextChoices):
    """Who coordinates, after the Royal Decree of 22 May 2019."""

    LOCAL = "local", _("Local: the mayor")
    PROVINCIAL = "provincial", _("Provincial: the governor")
    FEDERAL = "federal", _("Federal: the minister")


class Severity(models.IntegerChoices):
    WATCH = 0, _("Watch")
    INCIDENT = 1, _("Incident")
    SERIOUS = 2, _("Serious")
    CRISIS = 3, _("Crisis")


class Freeze(models.TextChoices):
    """What a declaration freezes at once."""

    NONE = "none", _("Nothing yet")
    UNIT = "unit", _("This unit and all below it")
    ORGANISATION = "organisation", _("The whole organisation")


class CrisisState(models.TextChoices):
    DECLARED = "declared", _("Running")
    ENDED = "ended", _("Ended")


CRISIS_LIFECYCLE = lifecycle(
    noun="crisis",
    states=CrisisState,
    initial=CrisisState.DECLARED,
    finals=frozenset({CrisisState.ENDED}),
    transitions=(
        Transition(
            name="end",
            label=_("Declare it over"),
            sources=(CrisisState.DECLARED,),
            target=CrisisState.ENDED,
            permission=Permission.CRISIS_LEAD,
            told=_("%(actor)s declared it over"),
            guard="freeze_is_decided",
        ),
    ),
)
