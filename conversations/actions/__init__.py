"""Verbs of answering."""

from conversations.actions.answering import AnswerOrigin, answer_conversation, send_again, withdraw_answer
from conversations.actions.listener import ConversationListener
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
    "assign_conversation",
    "categorise_conversation",
    "close_conversation",
    "reopen_conversation",
    "send_again",
    "take_conversation",
    "withdraw_answer",
]
