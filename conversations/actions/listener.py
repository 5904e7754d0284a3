"""What monitoring hears, as far as an answer may be owed: told here, in the transaction that stores it."""

from __future__ import annotations

from collections.abc import Sequence

from accounts_registry.models import Account
from conversations.actions.continuing import continue_conversations, find_by_new_words
from conversations.actions.forgetting import end_answers_to, end_unfit_answers, forget_deleted, release
from conversations.actions.returning import remember_returned
from conversations.actions.taking_up import take_up_answers
from conversations.models import InboundMessage
from delivery.enums import Trouble
from monitoring.listeners import Heard
from monitoring.models import Mention
from networks.types import Author, Incoming


class ConversationListener:
    """Every message that an account hears begins a conversation or continues one."""

    def heard(self, account: Account, messages: Sequence[Heard], beside: Sequence[Incoming]) -> None:
        continued = continue_conversations(account=account, heard=messages, beside=beside)
        end_unfit_answers(continued, Trouble.ASKED_OTHERWISE)  # what a network tells late may be for fewer

    def answered(self, account: Account, answers: Sequence[Incoming]) -> None:
        take_up_answers(account=account, told=answers)

    def changed(self, mention: Mention, *, is_reworded: bool) -> None:
        find_by_new_words(mention)
        if is_reworded:
            end_answers_to([mention], Trouble.ASKED_OTHERWISE)
        belongs = InboundMessage.objects.filter(mention=mention).values_list("conversation_id", flat=True)
        end_unfit_answers(list(belongs), Trouble.ASKED_OTHERWISE)

    def deleted(self, mentions: Sequence[Mention]) -> None:
        forget_deleted(mentions)

    def returned(self, mention: Mention, author: Author) -> None:
        remember_returned(mention, author)

    def release(self, mentions: Sequence[Mention]) -> Sequence[Mention]:
        return release(mentions)
