"""Answers: written here, sent by the one machinery that sends, told back when they are on the network."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.spending import Spent
from accounts_registry.queries import bare_ref
from approvals.subjects import Matter
from conversations.actions.forgetting import forget_who_took_all_away, owe_what_is_left
from conversations.actions.taking_up import take_up_answers
from conversations.actions.triage import lock, lock_all, start_clock_again, stop_clock
from conversations.enums import ANSWER
from conversations.models import Answer, Conversation
from conversations.policy import knows_answers
from conversations.queries import (
    audience_of_answer,
    conversation_in_sight,
    draft_of,
    hash_of_question,
    is_answered_there,
    is_taken_back,
    latest_message,
    mark_of_question,
    newest_answer,
    sentence_for,
    still_answers,
    unnamed,
)
from delivery.actions import cancel_deliveries, reconfirm_delivery, schedule_delivery
from delivery.content import as_draft
from delivery.enums import DeliveryState, Trouble
from delivery.models import Delivery
from delivery.origins import MessageKind, Permissions
from delivery.queries import deliveries_of
from monitoring.actions import check_soon, look_now
from monitoring.models import Mention
from networks import catalogue
from networks.audience import is_wider
from networks.egress import Egress
from networks.errors import Gone, TooWide
from networks.folding import as_lexemes
from networks.port import Connector
from networks.types import Audience, Draft
from organisation import audit, policy
from organisation.actions import require_cleared
from organisation.audit import action
from organisation.clock import database_now
from organisation.enums import Language, Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

WRITTEN = audit.tell("answer.written", _("%(actor)s wrote this answer"))
NOT_NARROW = _(
    "This message is not for everybody, and on this network an answer would be. Answer on the network itself."
)
ASKED_MEANWHILE = _(
    "The citizen wrote, changed or deleted something meanwhile. Read it above, and send your answer if it still fits."
)
# What these edges were called while each kind of message had its own: the trail still tells them.
audit.tell("delivery.withdraw_answer", _("%(actor)s withdrew this"))
audit.tell("delivery.reconfirm_answer", _("%(actor)s gave this a new time"))


@action
def answer_conversation(
    *,
    conversation: Conversation,
    text: str,
    by: Person,
    seen: int | None = None,
    question: str | None = None,
    language: str = "",
    audience: str = "",
) -> Answer:
    """Answers the citizen's latest message; it is in line to be sent at once.

    `seen` is the id of the newest answer that `by` knew of (0: none): Conflict when a colleague has answered since.
    `question` is the `mark_of_question` that `by` had before them, `audience` who `by` was told would see it: never
    more people than that, nor than see what it answers. Refused, at the field `text`, where the question is another by
    now, or with what the network would refuse about it.
    """
    locked = lock(conversation)
    _require_right(locked, by)
    if seen is not None and newest_answer(locked) != seen:
        raise Conflict(locked, "answer")
    mention = _question(locked, question)
    spoken = language or _language(locked)
    content, digest = draft_of(mention, text.strip(), spoken, _audience(locked, text, audience))
    _require_fit(locked, as_draft(content))
    said: dict[str, Any] = {"text": content["text"], "language": spoken, "content_hash": digest, "author": by}
    said |= {"words": as_lexemes(content["text"]), "known": newest_answer(locked)}
    said |= {"asked_hash": hash_of_question(mention), "asked_at": locked.clock_started_at, "due_at": locked.deadline}
    answer = Answer.objects.create(conversation=locked, mention=mention, **said)
    audit.record(verb=WRITTEN, thing=answer, by=by, conversation=locked.pk, hash=digest)
    schedule_delivery(
        account=locked.account,
        message_unit=locked.unit,
        origin_kind=ANSWER,
        origin_id=answer.pk,
        content=content,
        due_at=database_now(),
        by=by,
    )
    return answer


@action
def withdraw_answer(*, answer: Answer, by: Person, reason: str) -> None:
    """Takes an answer that is not on the network out of the line; Conflict when it is being sent or out already."""
    policy.require(by, Permission.ANSWER_WRITE, answer)
    if not reason.strip():
        raise Refused(_("Say why this answer is withdrawn."), field="reason")
    if not cancel_deliveries(origin_kind=ANSWER, origin_ids=[answer.pk], by=by, reason=reason):
        raise Conflict(answer.conversation, "withdraw")


@action
def send_again(*, answer: Answer, by: Person, seen: int = 0) -> Delivery:
    """Puts an answer in line again that the network certainly did not take.

    Where it was stopped for another that was given on the network itself meanwhile, `seen` is the id of the newest
    answer that `by` knew of: Conflict where there is one more by now.
    """
    delivery = next(iter(deliveries_of(ANSWER, [answer.pk])), None)
    if delivery is None or delivery.state not in (DeliveryState.FAILED, DeliveryState.EXPIRED):
        raise Conflict(answer.conversation, "answer")
    if delivery.problem_code == Trouble.ANSWERED_THERE:
        if newest_answer(answer.conversation) != seen:
            raise Conflict(answer.conversation, "answer")
        Answer.objects.filter(pk=answer.pk).update(known=seen)
    return reconfirm_delivery(delivery=delivery, by=by, due_at=database_now() + timedelta(seconds=1))


def _require_right(conversation: Conversation, by: Person) -> None:
    """The right to answer there, and what the unit asks besides of whoever publishes for it."""
    policy.require(by, Permission.ANSWER_WRITE, conversation)
    require_cleared(person=by, unit=conversation.unit)


class AnswerOrigin:
    """Speaks for answers to the machinery that sends."""

    kind = MessageKind(
        key=ANSWER,
        label=pgettext_lazy("kind of message", "Answer"),
        page_label=_("See the conversation"),
        page_icon="inbox",
        permissions=Permissions(
            see=Permission.MENTION_VIEW,
            schedule=Permission.ANSWER_WRITE,
            withdraw=Permission.ANSWER_WRITE,
            reconfirm=Permission.ANSWER_WRITE,
        ),
        spends=Spent.ANSWER,
        is_reply=True,
    )

    def matters(self, deliveries: Sequence[Any]) -> Mapping[int, Matter]:
        found = {one.pk: self._matter(one) for one in sorted(deliveries, key=lambda one: one.origin_id)}
        return {pk: matter for pk, matter in found.items() if matter is not None}

    def _matter(self, delivery: Any) -> Matter | None:
        """Whoever writes answers approves them by sending; the text never changes, so its hash must still be there, and
        what it answers too, seen by nobody who would not see the answer; and it speaks for the account that was asked.
        """
        asked = _asked(delivery).filter(conversation__account=delivery.account_id)
        answer = asked.select_for_update(of=("self",)).first()
        if answer is None or answer.content_hash != delivery.content_hash:
            return None
        if is_answered_there(answer) or not still_answers(answer, delivery.content):
            return None
        return Matter(self.kind.key, answer.pk, answer.content_hash, on_own_word=True)

    def lapsed(self, delivery: Any) -> str:
        """What became of its question; nothing else of an answer ever changes."""
        answer = _asked(delivery).filter(conversation__account=delivery.account_id).first()
        if answer is None or answer.content_hash != delivery.content_hash:
            return Trouble.NOT_APPROVED
        if is_taken_back(answer):
            return Trouble.GONE
        return Trouble.ASKED_OTHERWISE if not still_answers(answer, delivery.content) else Trouble.ANSWERED_THERE

    def backed(self, deliveries: Sequence[Any]) -> Collection[int]:
        return [one.pk for one in deliveries if self._is_backed(one)]

    def _is_backed(self, delivery: Any) -> bool:
        """Whoever wrote it, or sent it again since, may still answer for the account; and the question has not become
        one for fewer people."""
        stands_for_it = Person.objects.get(pk=delivery.scheduled_by_id)
        if not policy.allows(stands_for_it, Permission.ANSWER_WRITE, delivery):
            return False
        answer = _asked(delivery).first()
        return answer is not None and still_answers(answer, delivery.content) and not is_answered_there(answer)

    def look(self, delivery: Any, connector: Connector) -> None:
        """The question: one that was taken away or written anew since is not answered with this, nor one that somebody
        has answered on the network itself. What is found there now is not `delivery`, which is yet to be written."""
        answer = _asked(delivery).select_related("mention__item", "mention__account").first()
        if answer is not None and answer.mention is not None:
            ours = look_now(mention=answer.mention, connector=connector)
            take_up_answers(account=answer.mention.account, told=ours, unsent=answer.pk)

    def title(self, delivery: Any) -> str:
        answer = Answer.objects.filter(pk=delivery.origin_id).first()
        return gettext("Answer: %(text)s") % {"text": answer.text[:80]} if answer else gettext("Answer")

    def url(self, delivery: Any, reader: Any) -> str:
        answer = Answer.objects.filter(pk=delivery.origin_id).first()
        if answer is None:
            return reverse("conversations:inbox")
        seen = conversation_in_sight(reader, answer.conversation_id)
        return reverse("conversations:conversation", args=[seen.pk]) if seen else ""

    def named(self, deliveries: Sequence[Any], reader: Any) -> Mapping[int, tuple[str, str]]:
        """None: nobody is asked whether an answer says what another one says."""
        return {}

    def settled(self, delivery: Any) -> None:
        answer = Answer.objects.select_related("conversation").filter(pk=delivery.origin_id).first()
        if answer is None:
            return
        if delivery.state == DeliveryState.PUBLISHED:
            _published(answer, delivery)
        elif delivery.state == DeliveryState.FAILED and delivery.problem_code in (Gone.code, TooWide.code):
            # The worker that reads looks whether the citizen took the message away, and who sees it.
            check_soon(mention_ids=[answer.mention_id] if answer.mention_id else [])
        if delivery.state != DeliveryState.PUBLISHED:
            owe_what_is_left(lock(answer.conversation))


def _asked(delivery: Any) -> QuerySet[Answer]:
    """The answer that is sent, where the message is known that it answers."""
    rows = Answer.objects.filter(pk=delivery.origin_id, mention__isnull=False)
    return rows.select_related("mention", "conversation__account")


def _published(answer: Answer, delivery: Any) -> None:
    """Stops the clock at the network's yes."""
    # Taken for one that somebody gave there, while nobody knew yet that it was ours: in another conversation perhaps,
    # where answers stand beside each other.
    same = Answer.objects.filter(conversation__account=answer.conversation.account_id, remote_id=delivery.remote_id)
    found = same.exclude(remote_id="")
    mistaken = set(found.values_list("conversation", flat=True))
    held = lock_all({answer.conversation_id, *mistaken})
    conversation = held[answer.conversation_id]
    Answer.objects.filter(pk=answer.pk).update(published_at=delivery.published_at)
    found.filter(conversation__in=mistaken).delete()
    stop_clock(conversation, at=delivery.published_at, answer=answer)
    for pk in sorted(mistaken):
        start_clock_again(held[pk])
    forget_who_took_all_away(conversation)


def _question(conversation: Conversation, asked: str | None) -> Mention:
    """The citizen's latest message, where one can answer it; Refused where it is not what was `asked`."""
    if not knows_answers(conversation):
        raise Refused(_("Nobody can answer on this network from here. Answer on the network itself."))
    mention = latest_message(conversation)
    if mention is None:
        raise Refused(_("What the citizen wrote is no longer there; there is nothing to answer."))
    if asked is not None and asked != mark_of_question(mention):
        raise Refused(ASKED_MEANWHILE, field="text")
    return mention


def _audience(conversation: Conversation, text: str, told: str) -> Audience:
    """Who will see the answer; Refused where more people would than see the question, or the citizen would not."""
    audience = audience_of_answer(conversation)
    if audience is None:
        raise Refused(NOT_NARROW)
    if told and is_wider(audience, Audience(told)):
        audience = Audience(told)
    if audience is Audience.DIRECT and unnamed(conversation, text):
        names = {"handle": f"@{conversation.author_handle}"}
        told_so = _("Keep %(handle)s in the text: only people whom it names see this answer.")
        raise Refused(told_so % names, field="text")
    return audience


def _language(conversation: Conversation) -> str:
    """The citizen's, where we speak it; else the account's first."""
    wanted = conversation.language
    return wanted if wanted in Language.values else str(conversation.account.languages[0])


def _require_fit(conversation: Conversation, draft: Draft) -> None:
    # No call is made, so no credentials are opened.
    problems = catalogue.connector(bare_ref(conversation.account), Egress()).validate(draft)
    if problems:
        raise Refused(*(sentence_for(problem) for problem in problems), field="text")
