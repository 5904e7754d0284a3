"""Verbs of listening."""

from monitoring.actions.checking import check_mentions, check_soon
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
from monitoring.actions.watching import activate_watch, create_watch, end_watch, expire_watches, update_watch

__all__ = [
    "ReadOtherwise",
    "activate_watch",
    "add_source",
    "answer_challenge",
    "check_mentions",
    "check_soon",
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
    "resume_source",
    "update_source",
    "update_watch",
]
