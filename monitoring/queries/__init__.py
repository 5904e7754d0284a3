"""Reads of the inbox."""

from monitoring.queries.answers import (
    AnswerStatus,
    answers_of,
    audience_of_answer,
    audience_words,
    draft_of,
    sentence_for,
    standing_of_answers,
    under_way,
    unnamed,
    warning_of_answer,
)
from monitoring.queries.inbox import (
    InboxFilter,
    InboxPage,
    assignable,
    inbox_page,
    new_since,
    others_in_thread,
    thread,
    visible_conversations,
)
from monitoring.queries.sources import (
    EntryFilter,
    EntryPage,
    due_sources,
    entries_page,
    reader_of,
    unfinished_sources,
    visible_sources,
)
from monitoring.queries.streams import (
    collecting_watches,
    due_streams,
    pullable_accounts,
    stopped_readings,
    visible_streams,
)
from monitoring.queries.waiting import waiting_count, waiting_for
from monitoring.queries.watches import searchable_accounts, visible_watches

__all__ = [
    "AnswerStatus",
    "EntryFilter",
    "EntryPage",
    "InboxFilter",
    "InboxPage",
    "answers_of",
    "assignable",
    "audience_of_answer",
    "audience_words",
    "collecting_watches",
    "draft_of",
    "due_sources",
    "due_streams",
    "entries_page",
    "inbox_page",
    "new_since",
    "others_in_thread",
    "pullable_accounts",
    "reader_of",
    "searchable_accounts",
    "sentence_for",
    "standing_of_answers",
    "stopped_readings",
    "thread",
    "under_way",
    "unfinished_sources",
    "unnamed",
    "visible_conversations",
    "visible_sources",
    "visible_streams",
    "visible_watches",
    "waiting_count",
    "waiting_for",
    "warning_of_answer",
]
