"""Verbs of answering."""

from conversations.actions.answering import AnswerOrigin, answer_conversation, send_again, withdraw_answer
from conversations.actions.listener import ConversationListener
from conversations.actions.recounting import ask_for_recount, recount_what_is_due
from conversations.actions.triage import (
    assign_conversation,
    categorise_conversation,
    close_conversation,
    reopen_conversation,
    take_conversation,
)

__all__ = [
    "AnswerOrigin",
    "ConversationListener",
    "answer_conversation",
    "ask_for_recount",
    "assign_conversation",
    "categorise_conversation",
    "close_conversation",
    "recount_what_is_due",
    "reopen_conversation",
    "send_again",
    "take_conversation",
    "withdraw_answer",
]
