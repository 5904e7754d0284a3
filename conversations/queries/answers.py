"""Where answers stand: their own words here, their way to the network with the machinery that sends."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.db.models import BigIntegerField, DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.enums import ANSWER
from conversations.models import Answer, Conversation
from delivery.content import Content, freeze
from delivery.enums import LIVE, DeliveryState, Trouble
from delivery.models import Delivery
from delivery.queries import FROZEN, Standing, deliveries_of, frozen_among, next_look
from monitoring.models import Mention
from monitoring.models.item import for_few
from networks.audience import answer_audience, is_wider, narrowest
from networks.catalogue import NETWORKS
from networks.types import Audience, Kind, Problem
from organisation.prepared import Prepared, Slot, numbers

RE = "re:"
_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_OF_ONE = {"conversation": Slot("conversation", BigIntegerField())}
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
    "too_many_cashtags": _("The answer names too many stocks with a $: %(actual)s of at most %(limit)s."),
    "too_many_handles": _("The answer names too many people with an @: %(actual)s of at most %(limit)s."),
}
_OTHER = _("This network would refuse the answer (%(code)s).")


_SEEN_BY: dict[Audience, tuple[str, str | Promise]] = {
    Audience.PUBLIC: ("globe", _("Everybody can see this answer.")),
    Audience.UNLISTED: ("eye", _("Everybody can see this answer, but no public list shows it.")),
    Audience.DIRECT: ("lock", _("Only you and the people named see this answer.")),
}


@dataclass(frozen=True)
class AudienceWords:
    """Who will see an answer, for whoever writes it."""

    icon: str
    sentence: str


def audience_words(audience: Audience) -> AudienceWords:
    icon, sentence = _SEEN_BY[audience]
    return AudienceWords(icon, str(sentence))


@dataclass(frozen=True)
class AnswerStatus:
    """An answer with its newest delivery. `is_frozen`: it waits, and a freeze lies over it or its account."""

    answer: Answer
    delivery: Delivery | None
    is_frozen: bool = False

    @property
    def state(self) -> str:
        """A delivery's state, or "frozen"."""
        if self.answer.was_found:
            return str(DeliveryState.PUBLISHED.value)
        if self.delivery is None:
            return str(DeliveryState.CANCELLED.value)
        return FROZEN if self.is_frozen else self.delivery.state

    @property
    def label(self) -> str:
        """The state in the words of a conversation."""
        return str(_WORDS.get(self.state) or DeliveryState(self.state).label)

    @property
    def url(self) -> str:
        """Where people see it on the network; empty while it is not there."""
        return self.answer.url or (self.delivery.remote_url if self.delivery is not None else "")

    @property
    def problem(self) -> str:
        """What keeps it from the network, as a sentence; empty where nothing does."""
        return self.delivery.problem if self.delivery is not None else ""

    @property
    def asks_again(self) -> bool:
        """Whether it was stopped since somebody has answered on the network itself meanwhile."""
        return self.delivery is not None and self.delivery.problem_code == Trouble.ANSWERED_THERE

    @property
    def was_asked_otherwise(self) -> bool:
        """Whether it was stopped since its question is another one by now: its words may still serve."""
        return self.delivery is not None and self.delivery.problem_code == Trouble.ASKED_OTHERWISE

    @property
    def for_few(self) -> str:
        """Who sees it, in words, where that is not everybody."""
        audience = self.delivery.content.get("audience", "") if self.delivery is not None else ""
        return for_few(audience, "")

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
        stopped = self.delivery is not None and self.delivery.state in (DeliveryState.FAILED, DeliveryState.EXPIRED)
        return stopped and self.delivery is not None and self.delivery.is_as_approved


def answers_of(
    conversation: Conversation, *, since: datetime | None = None, before: datetime | None = None
) -> list[AnswerStatus]:
    """The answers given in `conversation`, written from `since` on and `before`, the oldest first, with where each
    stands. Three queries at most."""
    answers = _written()(conversation=conversation.pk, since=since or _EVER[0], before=before or _EVER[1])
    if not answers:
        return []
    for answer in answers:
        answer.conversation = conversation
    newest: dict[int, Delivery] = {}
    for delivery in deliveries_of(ANSWER, [answer.pk for answer in answers]):
        newest.setdefault(delivery.origin_id, delivery)
    frozen = frozen_among(newest.values())
    return [
        AnswerStatus(answer, found := newest.get(answer.pk), is_frozen=found is not None and found.pk in frozen)
        for answer in answers
    ]


@cache
def _written() -> Prepared[Answer, Answer]:
    within = {"written_at__gte": Slot("since", DateTimeField()), "written_at__lt": Slot("before", DateTimeField())}
    return Prepared(Answer.objects.filter(**_OF_ONE, **within).select_related("author", "mention"))


def newest_answer(conversation: Conversation) -> int:
    """The id of the newest answer, 0 for none: what somebody saw who writes another."""
    return next(iter(_newest()(conversation=conversation.pk)), 0)


@cache
def _newest() -> Prepared[Answer, int]:
    return Prepared(Answer.objects.filter(**_OF_ONE).order_by("-pk").values_list("pk", flat=True)[:1])


def standing_of_answers(answers: Sequence[AnswerStatus]) -> Standing:
    """Where they stand together, and how soon to look again. One query at most."""
    sent = [status.delivery for status in answers if status.delivery is not None]
    frozen = {status.delivery.pk for status in answers if status.delivery is not None and status.is_frozen}
    return Standing({status.answer.pk: status.state for status in answers}, next_look(sent, frozen))


def standing_messages(conversation: Conversation) -> QuerySet[Mention]:
    """What the citizen wrote and did not take back, the oldest first, in the order of an index."""
    return _standing(conversation.pk)


def _standing(conversation: int | Slot) -> QuerySet[Mention]:
    rows = Mention.objects.filter(inbound__conversation=conversation, gone_at__isnull=True)
    return rows.select_related("watch", "account", "item").order_by("inbound__sent_at", "pk")


def last_given(conversation: Conversation) -> Answer | None:
    """Of its answers that are on the network, the one that was written last."""
    given = Answer.objects.filter(conversation=conversation, published_at__isnull=False)
    return given.order_by("-written_at", "-pk").first()


def unanswered(conversation: Conversation, answer: Answer | None) -> QuerySet[Mention]:
    """Of its `standing_messages`, those of which whoever wrote `answer` did not know; all of them, without one.

    What a network told us late was there to read for whoever answered on the network itself.
    """
    left = standing_messages(conversation)
    if answer is None:
        return left
    unknown = Q(inbound__sent_at__gt=answer.written_at)
    told_late = Q(received_at__gt=answer.written_at) & ~Q(pk=answer.mention_id)
    return left.filter(unknown if answer.was_found else unknown | told_late)


def latest_message(conversation: Conversation) -> Mention | None:
    """The last of its `standing_messages`, with which of them was heard last: a network tells of some late."""
    return next(iter(_last_standing()(conversation=conversation.pk)), None)


@cache
def _last_standing() -> Prepared[Mention, Mention]:
    heard = Mention.objects.filter(inbound__conversation=OuterRef("inbound__conversation"), gone_at__isnull=True)
    last = Subquery(heard.order_by("-pk").values("pk")[:1])
    return Prepared(_standing(Slot("conversation", BigIntegerField())).annotate(heard_last=last).reverse()[:1])


def under_way(conversation: Conversation) -> bool:
    """True while an answer is in line, being sent, or uncertain."""
    ids = _answers_in()(conversation=conversation.pk)
    return bool(ids and _moving()(ids=numbers(ids)))


@cache
def _answers_in() -> Prepared[Answer, int]:
    return Prepared(Answer.objects.filter(**_OF_ONE).order_by().values_list("pk", flat=True))


@cache
def _moving() -> Prepared[Delivery, int]:
    moving = [state for state in LIVE if state != DeliveryState.PUBLISHED]
    theirs = Delivery.objects.filter(origin_kind=ANSWER, origin_id__in=Slot("ids", BigIntegerField()), state__in=moving)
    return Prepared(theirs.order_by().values_list("pk", flat=True)[:1])


def audience_of_answer(conversation: Conversation, *, until: Mention | None = None) -> Audience | None:
    """Who would see an answer given now: nobody who does not see all that is still unanswered, `until` that message.

    None where the network can make no answer that is narrow enough, or there is nothing to answer.
    """
    of, known = {"conversation": conversation.pk}, NETWORKS.get(conversation.account.network)
    by = until.sent_at if until is not None else _EVER[1]
    latest = _last_audience()(**of, until=by)
    if not latest or known is None:
        return None
    sent_at, written_at = next(iter(_last_answered()(**of)), (_EVER[0], _EVER[0]))
    told = {*latest, *_open_audiences()(**of, until=by, sent_at=sent_at, written_at=written_at)}
    offered = known.capabilities.audiences
    return narrowest([answer_audience(Audience(one) if one else None, offered) for one in told])


def _standing_until() -> QuerySet[Mention]:
    until = Slot("until", DateTimeField())
    return _standing(Slot("conversation", BigIntegerField())).filter(inbound__sent_at__lte=until)


@cache
def _last_audience() -> Prepared[Mention, str]:
    return Prepared(_standing_until().reverse().values_list("item__audience", flat=True)[:1])


@cache
def _last_answered() -> Prepared[Answer, tuple[datetime, datetime]]:
    """Of the latest message that was answered, when it was sent, and when its answer was written."""
    last = Answer.objects.filter(**_OF_ONE, mention__isnull=False, published_at__isnull=False)
    return Prepared(last.order_by("-mention__sent_at").values_list("mention__sent_at", "written_at")[:1])


@cache
def _open_audiences() -> Prepared[Mention, str]:
    """Of what is later than the message of that moment, or was told late: whoever wrote the answer then did not know
    of it."""
    later = Q(inbound__sent_at__gt=Slot("sent_at", DateTimeField()))
    told_late = Q(received_at__gt=Slot("written_at", DateTimeField()))
    open_ones = _standing_until().filter(later | told_late).order_by()
    return Prepared(open_ones.values_list("item__audience", flat=True).distinct())


def is_taken_back(answer: Answer) -> bool:
    """Whether the citizen has deleted what it answers."""
    return answer.mention is not None and answer.mention.gone_at is not None


def is_answered_there(answer: Answer) -> bool:
    """Whether its question, or a later one, was answered on the network itself, and its writer does not know."""
    found = Answer.objects.filter(conversation=answer.conversation_id, pk__gt=answer.known).exclude(remote_id="")
    return answer.mention is not None and found.filter(published_at__gte=answer.mention.sent_at).exists()


def hash_of_question(mention: Mention) -> str:
    return hashlib.sha256(mention.text.encode()).hexdigest()


def mark_of_question(mention: Mention | None) -> str:
    """Names a `latest_message` as it stands, for whoever has it before them, with the one beside it that was heard
    later; of what they say, nothing."""
    if mention is None:
        return ""
    edited = mention.item.edited_at
    heard = getattr(mention, "heard_last", mention.pk)
    return f"{mention.pk} {edited.timestamp() if edited else 0}" + (f" {heard}" if heard != mention.pk else "")


def still_answers(answer: Answer, content: Content) -> bool:
    """Whether `content` may answer what its question is by now: it says what it said, nobody would see the answer who
    does not see that, and what that one warns of stands behind a warning here too."""
    if answer.mention is None or is_taken_back(answer):
        return False
    if answer.asked_hash and answer.asked_hash != hash_of_question(answer.mention):
        return False
    warning = warning_of_answer(answer.mention)
    if warning and content.get("warning") != warning:
        return False
    told = content.get("audience")
    limit = audience_of_answer(answer.conversation, until=answer.mention)
    return limit is not None and not is_wider(Audience(told) if told else Audience.PUBLIC, limit)


def warning_of_answer(mention: Mention) -> str:
    """The words before the question stand before the answer too, where the network knows such words."""
    known = NETWORKS.get(mention.account.network)
    if not mention.warning or known is None or not known.capabilities.warnings:
        return ""
    told = mention.warning.strip()
    return told if told.casefold().startswith(RE) else f"{RE} {told}"


def unnamed(conversation: Conversation, text: str) -> bool:
    """Whether `text` leaves out the citizen's handle."""
    handle = conversation.author_handle
    return bool(handle) and f"@{handle}".casefold() not in text.casefold()


def draft_of(mention: Mention, text: str, language: str, audience: Audience) -> tuple[Content, str]:
    """What is sent as an answer to `mention` for `audience`, frozen, with its hash."""
    item = mention.item
    parent = {"id": item.remote_id, "url": item.url, "cid": item.cid}
    root = {"id": item.root_id, "url": item.root_url, "cid": item.root_cid} if item.root_id else parent
    said = {"text": text, "language": language, "audience": audience.value, "warning": warning_of_answer(mention)}
    return freeze({**said, "reply_to": parent, "reply_root": root, "summoned": summons(mention)})


def summons(mention: Mention) -> bool:
    """Whether the citizen turned to us: they named, answered or quoted us, and were not found by a search alone."""
    return mention.kind != Kind.SEARCH_HIT


def sentence_for(problem: Problem) -> str:
    """What a network would refuse about an answer, in words."""
    told = _PROBLEMS.get(problem.code, _OTHER)
    return str(told) % {"actual": problem.actual, "limit": problem.limit, "code": problem.code}
