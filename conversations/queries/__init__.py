"""Reads of the inbox."""

from conversations.queries.answers import (
    AnswerStatus,
    answers_of,
    audience_of_answer,
    audience_words,
    draft_of,
    newest_answer,
    sentence_for,
    standing_messages,
    standing_of_answers,
    still_answers,
    summons,
    under_way,
    unnamed,
    warning_of_answer,
)
from conversations.queries.inbox import (
    InboxFilter,
    InboxPage,
    assignable,
    heard_by,
    inbox_page,
    new_since,
    others_in_thread,
    searched,
    visible_conversations,
)
from conversations.queries.searching import found_for
from conversations.queries.turns import Turns, turns
from conversations.queries.waiting import waiting_count, waiting_for

__all__ = [
    "AnswerStatus",
    "InboxFilter",
    "InboxPage",
    "Turns",
    "answers_of",
    "assignable",
    "audience_of_answer",
    "audience_words",
    "draft_of",
    "found_for",
    "heard_by",
    "inbox_page",
    "new_since",
    "newest_answer",
    "others_in_thread",
    "searched",
    "sentence_for",
    "standing_messages",
    "standing_of_answers",
    "still_answers",
    "summons",
    "turns",
    "under_way",
    "unnamed",
    "visible_conversations",
    "waiting_count",
    "waiting_for",
    "warning_of_answer",
]
