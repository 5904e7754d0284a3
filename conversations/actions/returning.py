"""What a citizen had taken away and stands on the network again is owed what it was owed."""

from __future__ import annotations

from conversations.actions.continuing import find_by_new_words
from conversations.actions.triage import lock, restart_clock
from conversations.enums import CONVERSATION_LIFECYCLE, ConversationState
from conversations.models import Conversation, InboundMessage
from conversations.queries import last_given, unanswered
from monitoring.models import Mention
from networks.types import Author
from organisation.actions import perform
from organisation.audit import step


@step
def remember_returned(mention: Mention, author: Author) -> None:
    """It is found by its words again, and its conversation knows the citizen again, who may have been forgotten."""
    belongs = InboundMessage.objects.filter(mention=mention).select_related("conversation").defer("words").first()
    if belongs is None:
        return
    conversation = lock(belongs.conversation)
    if conversation.purged_at is not None:
        return
    # Where the network leaves out who wrote, as some do, a name that is known is what a purge looks for in our answers.
    conversation.author_handle = author.handle or conversation.author_handle
    conversation.author_name = author.name or conversation.author_name
    conversation.save(update_fields=["author_handle", "author_name"])
    find_by_new_words(mention)
    owe_what_is_back(conversation)


def owe_what_is_back(conversation: Conversation) -> None:
    """The clock of a locked conversation to which a message came back: it runs from the first one that is unanswered.
    What lapsed is open again; what somebody closed stays closed."""
    first = unanswered(conversation, last_given(conversation)).first()
    if first is None:
        return
    had_a_deadline, began = conversation.deadline is not None, conversation.clock_started_at
    conversation.clock_started_at = first.sent_at
    restart_clock(conversation)
    changes = {name: getattr(conversation, name) for name in ("clock_started_at", "deadline")}
    if conversation.is_open:
        if first.sent_at < began or not had_a_deadline:
            conversation.save(update_fields=list(changes))
    elif conversation.state == ConversationState.ANSWERED or (conversation.deadline and not had_a_deadline):
        changes |= {"assigned_to": None, "answered_at": None}
        perform(CONVERSATION_LIFECYCLE, "return", conversation, by=None, changes=changes)
