from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class CommentState(models.TextChoices):
    OPEN = "open", pgettext_lazy("comment", "Open")
    RESOLVED = "resolved", pgettext_lazy("comment", "Settled")
    WITHDRAWN = "withdrawn", pgettext_lazy("comment", "Withdrawn")


_S = CommentState

COMMENT_LIFECYCLE = lifecycle(
    noun="comment",
    states=CommentState,
    initial=_S.OPEN,
    finals=frozenset({_S.WITHDRAWN}),
    transitions=(
        Transition(
            name="resolve",
            label=_("Settle this comment"),
            sources=(_S.OPEN,),
            target=_S.RESOLVED,
            permission=Permission.DOSSIER_VIEW,
            told=_("%(actor)s settled a comment"),
            guard="settled_by_the_concerned",
        ),
        Transition(
            name="reopen",
            label=_("Open this comment again"),
            sources=(_S.RESOLVED,),
            target=_S.OPEN,
            permission=Permission.DOSSIER_VIEW,
            told=_("%(actor)s opened a comment again"),
            guard="settled_by_the_concerned",
        ),
        Transition(
            name="withdraw",
            label=_("Withdraw this comment"),
            sources=(_S.OPEN, _S.RESOLVED),
            target=_S.WITHDRAWN,
            permission=Permission.DOSSIER_VIEW,
            told=_("%(actor)s withdrew a comment"),
            guard="own_words",
        ),
    ),
)
