"""States of a version of a house policy, the nine points it is held to, and what a unit answers when it is asked."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle

USUAL_GRACE = 30  # days


class PolicyState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("house policy", "Draft")
    IN_CONSULTATION = "in_consultation", pgettext_lazy("house policy", "Units are asked")
    PUBLISHED = "published", pgettext_lazy("house policy", "In force")
    SUPERSEDED = "superseded", pgettext_lazy("house policy", "Replaced by a later version")
    WITHDRAWN = "withdrawn", pgettext_lazy("house policy", "Withdrawn")


class Point(models.TextChoices):
    """What a house policy is held to before it is in force; each is ticked with a remark."""

    PURPOSE = "purpose", _("It says what it is for")
    STRATEGY = "strategy", _("It is linked to the strategy of the organisation")
    COMPLIANCE = "compliance", _("It complies with the law and with our other rules")
    EXAMPLES = "examples", _("It gives examples: a threat by Facebook, hostile comments")
    PLAIN_LANGUAGE = "plain_language", _("It is in plain language")
    ALL_UNITS = "all_units", _("All units gave their input and approve it")
    CONCISE = "concise", _("It is concise")
    TRAINING = "training", _("There are training sessions about it")
    CURRICULUM = "curriculum", _("It is part of the curriculum")


class AnswerKind(models.TextChoices):
    """Whoever reads a version while units are asked may comment; whoever approves for a unit says yes or asks for a
    change."""

    COMMENT = "comment", _("Comment")
    YES = "yes", pgettext_lazy("answer of a unit", "Approved")
    CHANGE = "change", pgettext_lazy("answer of a unit", "A change is asked for")


_S = PolicyState
OPEN = (_S.DRAFT, _S.IN_CONSULTATION)

POLICY_LIFECYCLE = lifecycle(
    noun="house_policy",
    states=PolicyState,
    initial=_S.DRAFT,
    finals=frozenset({_S.SUPERSEDED, _S.WITHDRAWN}),
    gates={_S.PUBLISHED: _S.IN_CONSULTATION, _S.SUPERSEDED: _S.PUBLISHED},
    transitions=(
        Transition(
            name="consult",
            label=_("Ask the units"),
            sources=(_S.DRAFT,),
            target=_S.IN_CONSULTATION,
            permission=Permission.POLICY_WRITE,
            told=_("%(actor)s asked the units about this house policy"),
            guard="whole",
        ),
        Transition(
            name="publish",
            label=_("Put this version in force"),
            sources=(_S.IN_CONSULTATION,),
            target=_S.PUBLISHED,
            permission=Permission.POLICY_WRITE,
            told=_("%(actor)s put this house policy in force"),
            guard="agreed",
        ),
        Transition(
            name="supersede",
            label=_("A later version takes its place"),
            sources=(_S.PUBLISHED,),
            target=_S.SUPERSEDED,
            permission=None,
            told=_("A later version took the place of this house policy"),
        ),
        Transition(
            name="withdraw",
            label=_("Withdraw this version"),
            sources=(_S.DRAFT, _S.IN_CONSULTATION, _S.PUBLISHED),
            target=_S.WITHDRAWN,
            permission=Permission.POLICY_WRITE,
            told=_("%(actor)s withdrew this house policy"),
        ),
    ),
)
