"""Where a post stands in words: its own state, and once it is handed over, what its deliveries tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from delivery.enums import INCOMPLETE, INCOMPLETE_LABEL, DeliveryState
from delivery.models import Delivery
from delivery.queries import FROZEN
from publishing.enums import PostState
from publishing.models import Post

HELD = "held"
OUT = (DeliveryState.PUBLISHED, INCOMPLETE)


@dataclass(frozen=True)
class Progress:
    """`state` names the look, `label` says it in words."""

    state: str
    label: str | Promise


# The first of these that any delivery is in gives the word: what needs somebody comes first.
_TELLING: tuple[tuple[str, str | Promise], ...] = (
    (DeliveryState.UNKNOWN, _("Uncertain whether it went out")),
    (DeliveryState.FAILED, _("Could not be sent")),
    (INCOMPLETE, INCOMPLETE_LABEL),
    (DeliveryState.SENDING, _("Is being sent")),
)


def stand_of(delivery: Delivery, state: str) -> Progress:
    """Of one message; `state` as a Standing has it."""
    return Progress(state, _("Frozen") if state == FROZEN else delivery.stand_label)


def progress(post: Post, deliveries: Sequence[Delivery], *, held: bool = False) -> Progress:
    """`deliveries` are the post's, newest first; `held` where a freeze keeps one of them from going out."""
    states = latest(deliveries)
    told = None
    if post.state == PostState.SCHEDULED and deliveries:
        told = _on_its_way(states, held)
    elif post.state == PostState.EXPIRED and _out(states):
        told = _late(states)
    return told or Progress(post.state, PostState(post.state).label)


def _on_its_way(states: list[str], held: bool) -> Progress | None:
    published, number = _out(states), len(states)
    needs_somebody = next((Progress(state, words) for state, words in _TELLING if state in states), None)
    if not states:
        return Progress(DeliveryState.CANCELLED, _("Taken out of sending"))
    if needs_somebody or published == number:
        return needs_somebody or Progress(DeliveryState.PUBLISHED, _("Published"))
    if held:
        return Progress(HELD, _("Held back by a freeze"))
    some = _("Published on %(some)s of %(all)s") % {"some": published, "all": number}
    return Progress(DeliveryState.SENDING, some) if published else None


def _late(states: list[str]) -> Progress:
    words = ngettext_lazy(
        "%(count)s message is too late, to be confirmed again",
        "%(count)s messages are too late, to be confirmed again",
        "count",
    )
    return Progress(PostState.EXPIRED, words % {"count": len(states) - _out(states)})


def _out(states: list[str]) -> int:
    """How many are published."""
    return sum(state in OUT for state in states)


def latest(deliveries: Iterable[Delivery]) -> list[str]:
    """Where the newest delivery of each variant stands, cancelled ones aside."""
    newest: dict[int, str] = {}
    for delivery in deliveries:
        if delivery.state != DeliveryState.CANCELLED:
            newest.setdefault(delivery.origin_id, delivery.stand)
    return list(newest.values())
