from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from conversations.enums import CONVERSATION_LIFECYCLE, Category, ConversationState
from conversations.models import Answer, Conversation
from conversations.policy import can_be_assigned
from conversations.queries import last_given, unanswered
from conversations.schedule import response_deadline
from organisation import audit, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Person
from organisation.queries import calendar_of
from organisation.working_time import WorkingCalendar

CATEGORISED = audit.tell("conversation.categorised", _("%(actor)s triaged this conversation"))


@action
def take_conversation(*, conversation: Conversation, by: Person) -> Conversation:
    """`by` answers it; Conflict when somebody else took it meanwhile."""
    if by.is_machine:
        raise Refused(_("A service account takes no conversation on: it answers, or assigns it to a person."))
    return perform(CONVERSATION_LIFECYCLE, "take", conversation, by=by, changes={"assigned_to": by})


@action
def assign_conversation(*, conversation: Conversation, to: Person, by: Person) -> Conversation:
    """`to` answers it; only somebody who may."""
    if not can_be_assigned(to, conversation):
        raise Refused(_("%(name)s may not answer for this account.") % {"name": to}, field="to")
    return perform(
        CONVERSATION_LIFECYCLE, "assign", conversation, by=by, changes={"assigned_to": to}, details={"to": to.pk}
    )


@action
def categorise_conversation(*, conversation: Conversation, category: str, by: Person) -> Conversation:
    """What the citizen wants. The deadline follows, counted from when the citizen wrote."""
    if category not in Category.values:
        raise Refused(_("Choose one of the categories."), field="category")
    locked = lock(conversation)
    policy.require(by, Permission.MENTION_ASSIGN, locked)
    before, locked.category = locked.category, category
    restart_clock(locked)
    locked.save(update_fields=["category", "deadline"])
    audit.record(verb=CATEGORISED, thing=locked, by=by, **{"from": before, "to": category, "deadline": locked.deadline})
    conversation.category, conversation.deadline = locked.category, locked.deadline
    return locked


@action
def close_conversation(*, conversation: Conversation, by: Person, reason: str = "") -> Conversation:
    """Nothing more to do. What was never answered needs a reason."""
    if lock(conversation).answered_at is None and not reason.strip():
        raise Refused(_("Nobody answered: say why no answer is needed."), field="reason")
    return perform(CONVERSATION_LIFECYCLE, "close", conversation, by=by, details={"reason": reason})


@action
def reopen_conversation(*, conversation: Conversation, by: Person) -> Conversation:
    """Back among the new ones, with nobody assigned."""
    return perform(CONVERSATION_LIFECYCLE, "reopen", conversation, by=by, changes={"assigned_to": None})


def lock(conversation: Conversation) -> Conversation:
    """The row as it stands, held until the transaction ends."""
    return lock_all([conversation.pk])[conversation.pk]


def lock_all(pks: Collection[int]) -> dict[int, Conversation]:
    """The rows as they stand, by their keys and in the order of these, held until the transaction ends."""
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("unit", "account", "account__unit")
    return {one.pk: one for one in rows.filter(pk__in=pks).order_by("pk")}


def restart_clock(conversation: Conversation, calendar: WorkingCalendar | None = None) -> None:
    """The citizen waits again (a locked conversation): the first message after the last answer counts.

    `calendar` is when the unit is open, where the caller knows it already.
    """
    conversation.deadline = response_deadline(
        category=conversation.category,
        asked_at=conversation.clock_started_at,
        calendar=calendar or calendar_of(conversation.unit),
    )


def stop_clock(conversation: Conversation, *, at: datetime, answer: Answer) -> None:
    """`answer` to a locked conversation is on the network since `at`; what its writer did not know of still waits, and
    the clock runs from there."""
    later = unanswered(conversation, answer).first()
    if later is not None:
        conversation.clock_started_at = later.sent_at
        restart_clock(conversation)
        conversation.save(update_fields=["clock_started_at", "deadline"])
    elif conversation.is_open:
        details = {"answer": answer.pk}
        perform(CONVERSATION_LIFECYCLE, "answer", conversation, by=None, changes={"answered_at": at}, details=details)


def start_clock_again(conversation: Conversation) -> None:
    """An answer was taken out of a locked conversation that is none of its own: what is unanswered without it is owed
    an answer again. What somebody closed stays closed."""
    first = unanswered(conversation, last_given(conversation)).first()
    if first is None or conversation.state == ConversationState.CLOSED:
        return
    conversation.clock_started_at = first.sent_at
    restart_clock(conversation)
    changes = {name: getattr(conversation, name) for name in ("clock_started_at", "deadline")}
    if conversation.is_open:
        conversation.save(update_fields=list(changes))
    else:
        changes |= {"assigned_to": None, "answered_at": None}
        perform(CONVERSATION_LIFECYCLE, "owe", conversation, by=None, changes=changes)


def come_back(conversation: Conversation) -> None:
    """An answered or closed, locked conversation in which the citizen wrote again goes to whoever had it, while they
    may still answer; else to whoever takes it."""
    had_it = conversation.assigned_to
    edge = "resume" if had_it is not None and can_be_assigned(had_it, conversation) else "renew"
    if edge == "renew":
        conversation.assigned_to = None
    facts = {
        field: getattr(conversation, field)
        for field in ("assigned_to", "clock_started_at", "deadline", "last_mention_at")
    }
    perform(CONVERSATION_LIFECYCLE, edge, conversation, by=None, changes={**facts, "answered_at": None})
