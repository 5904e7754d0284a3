"""Where answers stand: their own words here, their way to the network with the machinery that sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delivery.content import Content, freeze
from delivery.enums import LIVE, DeliveryState, OriginKind
from delivery.models import Delivery
from delivery.queries import FROZEN, Standing, deliveries_of, holds_over, next_look
from monitoring.models import Answer, Conversation, Mention
from networks.types import Problem

KIND = OriginKind.ANSWER.value
_WORDS: dict[str, str | Promise] = {
    FROZEN: _("Frozen"),
    DeliveryState.DUE: _("Waiting to be sent"),
    DeliveryState.PUBLISHED: _("On the network"),
}
_PROBLEMS: dict[str, str | Promise] = {
    "text_empty": _("Write an answer."),
    "text_too_long": _("The answer is too long for this network: %(actual)s of at most %(limit)s."),
    "text_forbidden": _("The answer holds a sign that this network refuses, such as < or >. Write it another way."),
    "too_many_hashtags": _("The answer has too many hashtags for this network: %(actual)s of at most %(limit)s."),
    "too_many_handles": _("The answer names too many people with an @: %(actual)s of at most %(limit)s."),
}
_OTHER = _("This network would refuse the answer (%(code)s).")


@dataclass(frozen=True)
class AnswerStatus:
    """An answer with its newest delivery. `is_frozen`: it waits, and a freeze lies over its account."""

    answer: Answer
    delivery: Delivery | None
    is_frozen: bool = False

    @property
    def state(self) -> str:
        """A delivery's state, or "frozen"."""
        if self.delivery is None:
            return str(DeliveryState.CANCELLED.value)
        return FROZEN if self.is_frozen else self.delivery.state

    @property
    def label(self) -> str:
        """The state in the words of a conversation."""
        return str(_WORDS.get(self.state) or DeliveryState(self.state).label)

    @property
    def key(self) -> str:
        """Names it on a page."""
        return str(self.answer.pk)

    @property
    def may_be_withdrawn(self) -> bool:
        waiting = (DeliveryState.DUE, DeliveryState.FAILED, DeliveryState.EXPIRED)
        return self.delivery is not None and self.delivery.state in waiting

    @property
    def may_be_sent_again(self) -> bool:
        return self.delivery is not None and self.delivery.state in (DeliveryState.FAILED, DeliveryState.EXPIRED)


def answers_of(conversation: Conversation) -> list[AnswerStatus]:
    """Every answer given in `conversation`, the oldest first, with where it stands. Three queries at most."""
    answers = list(conversation.answers.select_related("author", "mention"))
    if not answers:
        return []
    newest: dict[int, Delivery] = {}
    for delivery in deliveries_of(KIND, [answer.pk for answer in answers]):
        newest.setdefault(delivery.origin_id, delivery)
    waits = any(delivery.state == DeliveryState.DUE for delivery in newest.values())
    frozen = waits and holds_over(conversation.account).exists()
    return [
        AnswerStatus(
            answer,
            found := newest.get(answer.pk),
            is_frozen=frozen and found is not None and found.state == DeliveryState.DUE,
        )
        for answer in answers
    ]


def standing_of_answers(answers: Sequence[AnswerStatus]) -> Standing:
    """Where they stand together, and how soon to look again. One query at most."""
    sent = [status.delivery for status in answers if status.delivery is not None]
    frozen = {status.delivery.pk for status in answers if status.delivery is not None and status.is_frozen}
    return Standing({status.answer.pk: status.state for status in answers}, next_look(sent, frozen))


def under_way(conversation: Conversation) -> bool:
    """True while an answer is in line, being sent, or uncertain."""
    ids = conversation.answers.values_list("pk", flat=True)
    moving = [state for state in LIVE if state != DeliveryState.PUBLISHED]
    return deliveries_of(KIND, ids).filter(state__in=moving).exists()


def draft_of(mention: Mention, text: str, language: str) -> tuple[Content, str]:
    """What is sent as an answer to `mention`, frozen, with its hash."""
    parent = {"id": mention.remote_id, "url": mention.url, "cid": mention.cid}
    root = {"id": mention.root_id, "url": mention.root_url, "cid": mention.root_cid} if mention.root_id else parent
    return freeze({"text": text, "language": language, "reply_to": parent, "reply_root": root})


def sentence_for(problem: Problem) -> str:
    """What a network would refuse about an answer, in words."""
    told = _PROBLEMS.get(problem.code, _OTHER)
    return str(told) % {"actual": problem.actual, "limit": problem.limit, "code": problem.code}
