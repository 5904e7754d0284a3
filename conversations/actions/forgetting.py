"""Our answers stay as ours, without saying to whom; those that never went out never will."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from conversations.actions.triage import lock, restart_clock
from conversations.enums import ANSWER, ANSWER_FORM, CONVERSATION_LIFECYCLE, ConversationState
from conversations.models import Answer, Conversation, InboundMessage
from conversations.queries import last_given, still_answers, unanswered, under_way
from delivery.actions import end_deliveries, forget_recipients, without
from delivery.enums import Trouble
from delivery.queries import deliveries_of
from monitoring.models import Mention
from networks.folding import as_lexemes
from networks.types import Kind
from organisation import audit
from organisation.actions import forget_unsaved, perform
from organisation.audit import action
from organisation.clock import database_now

PURGED = audit.tell("conversation.purged", _("%(actor)s erased what the citizen wrote: its time was over"))


@action
def forget_deleted(mentions: Sequence[Mention]) -> None:
    """What was to answer these messages is not sent; a citizen who took all away that they wrote is forgotten."""
    conversations = _locked(mentions)
    end_answers_to(mentions, Trouble.GONE)
    _forget_questions(mentions)
    InboundMessage.objects.filter(mention__in=mentions).update(words=None)
    for conversation in conversations:
        owe_what_is_left(lock(conversation))
        forget_who_took_all_away(conversation)


def forget_who_took_all_away(conversation: Conversation) -> None:
    """Nothing leads to the citizen of a locked conversation any more of whom no message stands. While an answer is on
    its way only their names lead to what is to be erased from it: that it is out, or the purge, comes back to this."""
    wrote = conversation.mentions.aggregate(all=Count("pk"), gone=Count("gone_at"))
    if not wrote["all"] or wrote["gone"] < wrote["all"]:
        return
    _forget_what_was_typed([conversation.pk])
    if forget_recipient(conversation, Trouble.GONE):
        conversation.author_name = conversation.author_handle = ""
        conversation.save(update_fields=["author_name", "author_handle"])


def owe_what_is_left(conversation: Conversation) -> None:
    """The clock of a locked conversation from which messages were taken away: it runs from the first one that stands
    and is unanswered, and stops where none is. While an answer is on its way nothing lapses: what becomes of it
    decides."""
    if not conversation.is_open:
        return
    first = unanswered(conversation, last_given(conversation)).first()
    if first is None:
        taken_away = conversation.mentions.filter(gone_at__isnull=False)
        if taken_away.exists() and not under_way(conversation):
            perform(CONVERSATION_LIFECYCLE, "lapse", conversation, by=None, changes={"deadline": None})
    elif first.sent_at > conversation.clock_started_at:
        conversation.clock_started_at = first.sent_at
        restart_clock(conversation)
        conversation.save(update_fields=["clock_started_at", "deadline"])


@action
def release(mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Those of `mentions` that nobody works on.

    What a person is working on stays until it is closed: an assigned conversation, and one that a citizen began with us
    and nobody has answered yet. What a watch found and nobody took goes, and so does what is in no conversation.
    An answer that is on its way keeps its conversation until it is known what became of it.
    """
    belongs = dict(InboundMessage.objects.filter(mention__in=mentions).values_list("mention_id", "conversation_id"))
    released = [mention for mention in mentions if mention.pk not in belongs]
    theirs: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        theirs[belongs.get(mention.pk, 0)].append(mention)
    over: dict[Conversation, list[Mention]] = {}
    for conversation in _locked(mentions):
        if going := [mention for mention in theirs[conversation.pk] if not _is_worked_on(conversation, mention)]:
            over[conversation] = going
    for conversation in _let_go(over):
        audit.record(verb=PURGED, thing=conversation, by=None, messages=len(over[conversation]))
        if conversation.purged_at is not None and conversation.is_open:  # nothing is left that anybody could answer
            perform(CONVERSATION_LIFECYCLE, "expire", conversation, by=None, changes={"deadline": None})
        released += over[conversation]
    return released


def _locked(mentions: Sequence[Mention]) -> list[Conversation]:
    """The conversations of `mentions`, held until the transaction ends."""
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("unit").order_by("pk")
    return list(rows.filter(pk__in=InboundMessage.objects.filter(mention__in=mentions).values("conversation")))


def _is_worked_on(conversation: Conversation, mention: Mention) -> bool:
    waits = conversation.is_open and mention.kind != Kind.SEARCH_HIT
    return waits or conversation.state == ConversationState.ASSIGNED


def _let_go(over: Mapping[Conversation, Sequence[Mention]]) -> list[Conversation]:
    """Those of which these messages may go: what was to answer them is not sent any more, and where no other message is
    left nothing leads to the citizen. One with an answer on its way is not among them."""
    ids = [mention.pk for going in over.values() for mention in going]
    of_these = InboundMessage.objects.filter(conversation__in=over)
    kept = set(of_these.exclude(mention__in=ids).values_list("conversation_id", flat=True))
    answered = set(Answer.objects.filter(conversation__in=over).values_list("conversation_id", flat=True))
    free = [one for one in over if one.pk not in answered or _ended(one, over[one], is_last=one.pk not in kept)]
    # The handle, the ids and the thread's address would still lead to the citizen.
    gone = [one for one in free if one.pk not in kept]
    nobody: dict[str, Any] = {"author_id": "", "author_handle": "", "author_name": "", "root_id": ""}
    nobody["purged_at"] = database_now()
    for one in gone:
        vars(one).update(nobody)
    ids = [one.pk for one in gone]
    Conversation.objects.filter(pk__in=ids).update(**nobody)
    _forget_what_was_typed(ids)
    return free


def _forget_what_was_typed(conversations: Collection[int]) -> None:
    """Answers that somebody began and did not save: there is nobody left to answer, and they may name the citizen."""
    forget_unsaved([f"{ANSWER_FORM}.{pk}" for pk in conversations])


def _ended(conversation: Conversation, over: Sequence[Mention], *, is_last: bool) -> bool:
    """What was to answer these messages is not sent any more; False while an answer is on its way."""
    ended = forget_recipient(conversation, Trouble.ERASED) if is_last else end_answers_to(over, Trouble.ERASED)
    if ended:
        _forget_questions(over)
    return ended


def _forget_questions(mentions: Sequence[Mention]) -> None:
    """What our answers know of the words of these: whoever finds such words elsewhere would know whom we answered."""
    Answer.objects.filter(mention__in=mentions).exclude(asked_hash="").update(asked_hash="")


def end_answers_to(mentions: Sequence[Mention], trouble: Trouble) -> bool:
    """Ends the answers to `mentions` that are not on the network. False while one is on its way: come again later."""
    ids = list(Answer.objects.filter(mention__in=mentions).values_list("pk", flat=True))
    return end_deliveries(origin_kind=ANSWER, origin_ids=ids, trouble=trouble)


def end_unfit_answers(conversations: Collection[int], trouble: Trouble) -> None:
    """Ends the answers in these conversations that are not on the network, and that do not answer what was asked as it
    is known by now: more people would see them than see all of it, or they lack its warning.

    One that is on its way just now is stopped by the look before its write, or goes out as it began.
    """
    waiting = Answer.objects.filter(conversation__in=conversations, published_at__isnull=True)
    given = {answer.pk: answer for answer in waiting.select_related("mention", "conversation__account")}
    sent = deliveries_of(ANSWER, given) if given else ()
    for pk in {one.origin_id for one in sent if not still_answers(given[one.origin_id], one.content)}:
        end_deliveries(origin_kind=ANSWER, origin_ids=[pk], trouble=trouble)


def forget_recipient(conversation: Conversation, trouble: Trouble) -> bool:
    """Erases the citizen of a locked conversation from all that we answered there, once nothing of it can be sent.

    False, and nothing is erased, while an answer is on its way.
    """
    answers = list(Answer.objects.filter(conversation=conversation))
    ids, names = [answer.pk for answer in answers], (conversation.author_handle, conversation.author_name)
    if not end_deliveries(origin_kind=ANSWER, origin_ids=ids, trouble=trouble):
        return False
    for answer in answers:
        text = without(answer.text, names)
        Answer.objects.filter(pk=answer.pk).update(text=text, words=as_lexemes(text))
    forget_recipients(origin_kind=ANSWER, origin_ids=ids, names=names)
    return True
