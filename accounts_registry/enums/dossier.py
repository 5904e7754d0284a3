from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class DossierState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for completion")
    IN_REVIEW = "in_review", _("With the committee")
    DEFERRED = "deferred", _("Put off")
    APPROVED = "approved", pgettext_lazy("dossier", "Approved")
    APPROVED_WITH_CONDITIONS = "approved_with_conditions", pgettext_lazy("dossier", "Approved with conditions")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class VoteChoice(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstain")


class Outcome(models.TextChoices):
    """What the votes say, and the transition that records it."""

    APPROVE = "approve", pgettext_lazy("dossier", "Approved")
    REFUSE = "refuse", _("Refused")


_S = DossierState

DOSSIER_LIFECYCLE = lifecycle(
    noun="dossier",
    states=DossierState,
    initial=_S.DRAFT,
    finals=frozenset({_S.APPROVED, _S.WITHDRAWN}),
    gates={
        _S.IN_REVIEW: _S.SUBMITTED,
        _S.APPROVED: _S.IN_REVIEW,
        _S.APPROVED_WITH_CONDITIONS: _S.IN_REVIEW,
        _S.REFUSED: _S.IN_REVIEW,
    },
    transitions=(
        Transition(
            name="submit",
            label=_("Submit this dossier"),
            sources=(_S.DRAFT, _S.RETURNED),
            target=_S.SUBMITTED,
            permission=Permission.DOSSIER_WRITE,
            told=_("%(actor)s submitted this dossier"),
            guard="complete",
        ),
        Transition(
            name="accept",
            label=_("Pass this dossier to the committee"),
            sources=(_S.SUBMITTED,),
            target=_S.IN_REVIEW,
            permission=Permission.DOSSIER_CHECK,
            told=_("%(actor)s found this dossier complete and passed it to the committee"),
        ),
        Transition(
            name="return",
            label=_("Return this dossier for completion"),
            sources=(_S.SUBMITTED, _S.DEFERRED),
            target=_S.RETURNED,
            permission=Permission.DOSSIER_CHECK,
            told=_("%(actor)s returned this dossier for completion"),
        ),
        Transition(
            name="defer",
            label=_("Put this dossier off"),
            sources=(_S.IN_REVIEW,),
            target=_S.DEFERRED,
            permission=Permission.DOSSIER_DECIDE,
            told=_("%(actor)s put this dossier off"),
        ),
        Transition(
            name="resume",
            label=_("Take this dossier up again"),
            sources=(_S.DEFERRED,),
            target=_S.IN_REVIEW,
            permission=Permission.DOSSIER_CHECK,
            told=_("%(actor)s took this dossier up again"),
        ),
        Transition(
            name="approve",
            label=_("Record the approval"),
            sources=(_S.IN_REVIEW,),
            target=_S.APPROVED,
            permission=Permission.DOSSIER_DECIDE,
            told=_("%(actor)s recorded the committee's approval"),
            guard="majority_for",
        ),
        Transition(
            name="approve_with_conditions",
            label=_("Record the approval with conditions"),
            sources=(_S.IN_REVIEW,),
            target=_S.APPROVED_WITH_CONDITIONS,
            permission=Permission.DOSSIER_DECIDE,
            told=_("%(actor)s recorded the committee's approval with conditions"),
            guard="majority_for",
        ),
        Transition(
            name="fulfil",
            label=_("Every condition is met"),
            sources=(_S.APPROVED_WITH_CONDITIONS,),
            target=_S.APPROVED,
            permission=None,
            told=_("The last condition of the committee was met: this dossier is approved"),
            guard="every_condition_met",
        ),
        Transition(
            name="appeal",
            label=_("Appeal against the refusal"),
            sources=(_S.REFUSED,),
            target=_S.SUBMITTED,
            permission=Permission.DOSSIER_WRITE,
            told=_("%(actor)s appealed against the refusal"),
            guard="first_appeal",
        ),
        Transition(
            name="refuse",
            label=_("Record the refusal"),
            sources=(_S.IN_REVIEW,),
            target=_S.REFUSED,
            permission=Permission.DOSSIER_DECIDE,
            told=_("%(actor)s recorded the committee's refusal"),
            guard="majority_against",
        ),
        Transition(
            name="withdraw",
            label=_("Withdraw this dossier"),
            sources=(_S.DRAFT, _S.SUBMITTED, _S.RETURNED, _S.IN_REVIEW, _S.DEFERRED),
            target=_S.WITHDRAWN,
            permission=Permission.DOSSIER_WRITE,
            told=_("%(actor)s withdrew this dossier"),
        ),
    ),
)
