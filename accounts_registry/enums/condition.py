from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class ConditionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("condition", "Open")
    REPORTED = "reported", pgettext_lazy("condition", "Reported as met")
    MET = "met", pgettext_lazy("condition", "Met")


_S = ConditionState

CONDITION_LIFECYCLE = lifecycle(
    noun="condition",
    states=ConditionState,
    initial=_S.OPEN,
    finals=frozenset({_S.MET}),
    gates={_S.MET: _S.REPORTED},
    transitions=(
        Transition(
            name="report",
            label=_("Report this condition as met"),
            sources=(_S.OPEN,),
            target=_S.REPORTED,
            permission=Permission.DOSSIER_WRITE,
            told=_("%(actor)s reported this condition as met"),
        ),
        Transition(
            name="confirm",
            label=_("Confirm that this condition is met"),
            sources=(_S.REPORTED,),
            target=_S.MET,
            permission=Permission.DOSSIER_DECIDE,
            told=_("%(actor)s confirmed that this condition is met"),
            guard="reported_by_another",
        ),
        Transition(
            name="send_back",
            label=_("This condition is not met yet"),
            sources=(_S.REPORTED,),
            target=_S.OPEN,
            permission=Permission.DOSSIER_DECIDE,
            told=_("%(actor)s found this condition not met yet"),
        ),
    ),
)
