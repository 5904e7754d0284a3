"""States of an access review and of each of its lines, and every way between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class ReviewState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("access review", "Running")
    ENDED = "ended", pgettext_lazy("access review", "Ended")
    CALLED_OFF = "called_off", pgettext_lazy("access review", "Called off")


class LineState(models.TextChoices):
    """What became of one grant. `KEPT`: nobody confirmed it, and the organisation would have no administrator left."""

    OPEN = "open", pgettext_lazy("access review", "To be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("access review", "Confirmed")
    STRUCK = "struck", pgettext_lazy("access review", "Struck")
    LAPSED = "lapsed", pgettext_lazy("access review", "Lapsed")
    KEPT = "kept", pgettext_lazy("access review", "Kept: the last administrator")
    OVER = "over", pgettext_lazy("access review", "Ended otherwise")


REVIEW_LIFECYCLE = lifecycle(
    noun="access_review",
    states=ReviewState,
    initial=ReviewState.RUNNING,
    finals=frozenset({ReviewState.ENDED, ReviewState.CALLED_OFF}),
    transitions=(
        Transition(
            name="end",
            label=_("The date of this review is over"),
            sources=(ReviewState.RUNNING,),
            target=ReviewState.ENDED,
            permission=None,
            told=_("The access review ended: what nobody confirmed lapsed"),
        ),
        Transition(
            name="call_off",
            label=_("Call this review off"),
            sources=(ReviewState.RUNNING,),
            target=ReviewState.CALLED_OFF,
            permission=Permission.PERSON_MANAGE,
            told=_("%(actor)s called this access review off"),
        ),
    ),
)
_L = LineState
LINE_LIFECYCLE = lifecycle(
    noun="review_line",
    states=LineState,
    initial=_L.OPEN,
    finals=frozenset(set(_L.values) - {_L.OPEN.value}),
    transitions=(
        Transition(
            name="confirm",
            label=_("Confirm this role"),
            sources=(_L.OPEN,),
            target=_L.CONFIRMED,
            permission=Permission.PERSON_MANAGE,
            told=_("%(actor)s confirmed this role in the access review"),
            guard="by_somebody_else_in_time",
        ),
        Transition(
            name="strike",
            label=_("Strike this role"),
            sources=(_L.OPEN,),
            target=_L.STRUCK,
            permission=Permission.PERSON_MANAGE,
            told=_("%(actor)s struck this role in the access review"),
            guard="by_somebody_else_in_time",
        ),
        Transition(
            name="lapse",
            label=_("Nobody confirmed this role"),
            sources=(_L.OPEN,),
            target=_L.LAPSED,
            permission=None,
            told=_("Nobody confirmed this role in the access review: it lapsed"),
        ),
        Transition(
            name="keep",
            label=_("Nobody confirmed this role, and it stays"),
            sources=(_L.OPEN,),
            target=_L.KEPT,
            permission=None,
            told=_("Nobody confirmed this role in the access review; it stays: nobody else administers the whole"),
        ),
        Transition(
            name="pass",
            label=_("This role ended otherwise"),
            sources=(_L.OPEN,),
            target=_L.OVER,
            permission=None,
            told=_("This role had ended otherwise before the access review did"),
        ),
    ),
)
