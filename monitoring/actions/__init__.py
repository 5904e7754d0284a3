"""Verbs of listening and answering."""

from monitoring.actions.answering import AnswerOrigin, answer_conversation, send_again, withdraw_answer
from monitoring.actions.checking import check_mentions
from monitoring.actions.hearing import answer_challenge, forget_calls, hear
from monitoring.actions.pulling import pull_next, pull_what_is_due
from monitoring.actions.purging import purge_expired
from monitoring.actions.reading import read_next
from monitoring.actions.sources import (
    ReadOtherwise,
    add_source,
    end_source,
    expire_sources,
    pause_source,
    resume_source,
    update_source,
)
from monitoring.actions.triage import (
    assign_conversation,
    categorise_conversation,
    close_conversation,
    reopen_conversation,
    take_conversation,
)
from monitoring.actions.watching import activate_watch, create_watch, end_watch, expire_watches, update_watch

__all__ = [
    "AnswerOrigin",
    "ReadOtherwise",
    "activate_watch",
    "add_source",
    "answer_challenge",
    "answer_conversation",
    "assign_conversation",
    "categorise_conversation",
    "check_mentions",
    "close_conversation",
    "create_watch",
    "end_source",
    "end_watch",
    "expire_sources",
    "expire_watches",
    "forget_calls",
    "hear",
    "pause_source",
    "pull_next",
    "pull_what_is_due",
    "purge_expired",
    "read_next",
    "reopen_conversation",
    "resume_source",
    "send_again",
    "take_conversation",
    "update_source",
    "update_watch",
    "withdraw_answer",
]
