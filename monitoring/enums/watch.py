from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class LegalBasis(models.TextChoices):
    """Grounds of Article 6(1) of the GDPR on which a public service may watch public messages."""

    PUBLIC_TASK = "public_task", _("Task in the public interest, Article 6(1)(e)")
    LEGAL_OBLIGATION = "legal_obligation", _("Legal obligation, Article 6(1)(c)")
    VITAL_INTERESTS = "vital_interests", _("Vital interests, Article 6(1)(d)")


class WatchState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", pgettext_lazy("watch", "Active")
    ENDED = "ended", _("Ended")


WATCH_LIFECYCLE = lifecycle(
    noun="watch",
    states=WatchState,
    initial=WatchState.DRAFT,
    finals=frozenset({WatchState.ENDED}),
    transitions=(
        Transition(
            name="activate",
            label=_("Start this watch"),
            sources=(WatchState.DRAFT,),
            target=WatchState.ACTIVE,
            permission=Permission.WATCH_MANAGE,
            told=_("%(actor)s started this watch"),
            guard="may_collect",
        ),
        Transition(
            name="end",
            label=_("End this watch"),
            sources=(WatchState.DRAFT, WatchState.ACTIVE),
            target=WatchState.ENDED,
            permission=Permission.WATCH_MANAGE,
            told=_("%(actor)s ended this watch"),
        ),
        Transition(
            name="expire",
            label=_("The watch's term is over"),
            sources=(WatchState.ACTIVE,),
            target=WatchState.ENDED,
            permission=None,
            told=_("%(actor)s ended this watch: its term is over"),
        ),
    ),
)
